import { type FeedFacts, noFacts, quietGuard } from '../core/feed-facts.ts';
import type { ComponentState, EndpointFact, Incident, RouteState } from '../core/plan.ts';
import { providerBase, type TargetRef } from '../core/target.ts';
import type { Impact, Verdict } from '../core/words.ts';
import { sceneFleet, sceneModels, sceneRoutes, sceneWatched } from './scene-fleet.ts';
import type { Trouble } from './scene-looks.ts';
import { component, routeComponent, routeState, type StateAbout } from './scene-states.ts';

/** Pictures of an installation in the situations a page must be good in. All of it is invented. */

export const sceneNames = ['calm', 'partial', 'major', 'own-connection', 'no-key', 'empty'] as const;
export type SceneName = (typeof sceneNames)[number];

export interface Scene {
  name: SceneName;
  nowMs: number;
  facts: FeedFacts;
  incidents: Incident[];
  troubles: Trouble[];
  hasKey: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const calmSince = (nowMs: number): number => nowMs - 31 * hourMs;
const calm = (nowMs: number): StateAbout => ({
  verdict: 'operational',
  sinceMs: calmSince(nowMs),
  reason: '12 of 12 checks worked in 12 min',
});

export function makeScene(name: SceneName, nowMs: number): Scene {
  if (name === 'empty') return { name, nowMs, facts: noFacts, incidents: [], troubles: [], hasKey: true };
  const incidents = sceneIncidents(name, nowMs);
  const open = incidents.find((i) => i.status === 'open') ?? null;
  const hit = sceneRoutes().filter((target) => isHit(name, target));
  const routes = name === 'no-key' ? [] : sceneRoutes().map((target) => routeIn(name, target, nowMs, open));
  const facts: FeedFacts = {
    ...noFacts,
    epoch: 'scene',
    seq: 41,
    beatMs: nowMs - 2_000,
    workerStartedAtMs: nowMs - 90 * 24 * hourMs,
    vantage: 'fra1',
    routes,
    components: sceneComponents(name, nowMs, routes, open),
    guard: name === 'own-connection' ? { ...quietGuard, state: 'frozen', self: 'blind' } : quietGuard,
    incidents: incidents.filter((i) => i.isPublic),
    fleet: name === 'no-key' ? sceneFleet().filter((w) => w.probe !== 'completion') : sceneFleet(),
    chains: [{ id: 'chat', steps: chatSteps }],
    endpoints: sceneEndpoints(),
    claims: [officialClaim(name, nowMs)],
  };
  return {
    name,
    nowMs,
    facts,
    incidents,
    troubles: hit.map((t) => troubleOf(name, t, nowMs)),
    hasKey: name !== 'no-key',
  };
}

const chatSteps: TargetRef[] = [
  { gateway: 'openrouter', provider: 'any', model: sceneModels.nano },
  { gateway: 'openrouter', provider: 'anthropic', model: sceneModels.haiku },
  { gateway: 'openrouter', provider: 'google-vertex', model: sceneModels.flash },
];

function isHit(name: SceneName, target: TargetRef): boolean {
  if (name === 'major') return target.provider !== 'groq';
  return name === 'partial' && target.provider === 'deepinfra';
}

function routeIn(name: SceneName, target: TargetRef, nowMs: number, open: Incident | null): RouteState {
  if (name === 'own-connection')
    return routeState(target, nowMs, {
      verdict: 'unknown',
      sinceMs: nowMs - 4 * minuteMs,
      reason: 'our own connection is down, so our checks say nothing',
    });
  if (!isHit(name, target)) return routeState(target, nowMs, calm(nowMs));
  return routeState(target, nowMs, {
    verdict: 'major_outage',
    sinceMs: open?.startedAtMs ?? nowMs,
    reason: '9 of 9 checks failed in 3 min: 401 User not found',
    affectedBy: open && `${open.scope.kind}:${open.scope.id}`,
    incidentId: open?.id ?? null,
  });
}

function sceneComponents(
  name: SceneName,
  nowMs: number,
  routes: RouteState[],
  open: Incident | null,
): ComponentState[] {
  const ok = calm(nowMs);
  const own: StateAbout = {
    verdict: 'unknown',
    sinceMs: nowMs - 4 * minuteMs,
    reason: 'our own connection is down',
  };
  const quiet = name === 'own-connection' ? own : ok;
  const bad: StateAbout = {
    verdict: open?.impact ?? 'operational',
    sinceMs: open?.startedAtMs ?? nowMs,
    reason: open?.reason ?? '',
    incidentId: open?.id ?? null,
  };
  const noChat: StateAbout = { verdict: 'unknown', sinceMs: nowMs - hourMs, reason: 'no key is configured' };
  const list: ComponentState[] = [
    component('gateway', 'openrouter', nowMs, name === 'major' ? bad : name === 'no-key' ? noChat : quiet),
    component('catalog', 'openrouter', nowMs, quiet),
    component('official', 'openrouter', nowMs, quiet),
    ...routes.map((r) => routeComponent(r, nowMs)),
  ];
  if (name === 'own-connection')
    list.push(component('prober', 'fra1', nowMs, { ...bad, verdict: 'major_outage' }));
  return name === 'no-key'
    ? list
    : [...list, ...parents(name, nowMs, routes, bad, quiet), chatChain(name, nowMs, bad, quiet)];
}

function parents(
  name: SceneName,
  nowMs: number,
  routes: RouteState[],
  bad: StateAbout,
  quiet: StateAbout,
): ComponentState[] {
  const providers = [...new Set(routes.map((r) => providerBase(r.target.provider ?? '')))].filter(
    (p) => p !== 'any',
  );
  const models = [...new Set(routes.map((r) => r.target.model ?? ''))];
  // Seen only through what is at fault itself: nothing can be said of them.
  const hidden: StateAbout = {
    ...{ verdict: 'unknown', affectedBy: 'gateway:openrouter', sinceMs: bad.sinceMs },
    ...{
      reason: 'seen only through OpenRouter, which is at fault itself',
      incidentId: bad.incidentId ?? null,
    },
  };
  const about = (isBad: boolean): StateAbout => (isBad ? (name === 'major' ? hidden : bad) : quiet);
  return [
    ...providers.map((p) =>
      component(
        'provider',
        p,
        nowMs,
        about(isHit(name, { gateway: 'openrouter', provider: p, model: null })),
      ),
    ),
    ...models.map((m) => component('model', m, nowMs, about(name === 'major'))),
  ];
}

function chatChain(name: SceneName, nowMs: number, bad: StateAbout, quiet: StateAbout): ComponentState {
  const isDown = name === 'major';
  const verdict: Verdict = isDown ? 'major_outage' : quiet.verdict;
  const chain = { step: isDown ? null : 0, usable: isDown ? 0 : 3, independent: isDown ? 0 : 1 };
  return component('chain', 'chat', nowMs, { ...(isDown ? bad : quiet), verdict }, chain);
}

function troubleOf(name: SceneName, target: TargetRef, nowMs: number): Trouble {
  const isMajor = name === 'major';
  return {
    target,
    fromMs: nowMs - (isMajor ? 13 : 22) * minuteMs,
    toMs: nowMs + hourMs,
    share: isMajor ? 0.9 : 1,
    outcome: isMajor ? 'unauthorized_doubtful' : 'http_5xx',
    status: isMajor ? 401 : 502,
    message: isMajor ? 'User not found.' : 'Provider returned error',
  };
}

function officialClaim(name: SceneName, nowMs: number): FeedFacts['claims'][number] {
  const status = name === 'major' ? 'operational' : 'operational';
  const claim = {
    component: 'Chat (/api/v1/chat/completions)',
    provider: null,
    model: null,
    status,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
  } as const;
  return { page: 'openrouter', atMs: nowMs - 30_000, claims: [claim] };
}

function sceneEndpoints(): Map<string, EndpointFact[]> {
  const map = new Map<string, EndpointFact[]>();
  for (const { provider, model } of sceneRoutes()) {
    if (!provider || provider === 'any' || !model) continue;
    const list = map.get(model) ?? [];
    list.push(endpoint(provider, model));
    map.set(model, list);
  }
  return map;
}

function endpoint(provider: string, model: string): EndpointFact {
  const uptime = provider === 'novita' ? 91.2 : 99.8;
  return {
    model,
    provider,
    providerName: provider,
    tag: provider,
    quantization: 'fp8',
    contextLength: 131_072,
    maxCompletionTokens: 8_192,
    promptUsd: 2e-7,
    completionUsd: 8e-7,
    requestUsd: 0,
    supportedParameters: ['temperature'],
    status: 0,
    uptime5m: uptime,
    uptime30m: uptime,
    uptime1d: uptime,
    latencyMs: { p50: 410, p75: 520, p90: 780, p99: 1_900 },
    throughputTps: { p50: 88, p75: 70, p90: 51, p99: 22 },
  };
}

function sceneIncidents(name: SceneName, nowMs: number): Incident[] {
  const past = incident(
    'inc_past',
    { kind: 'provider', id: 'novita' },
    'partial_outage',
    nowMs - 40 * hourMs,
    nowMs - 39.4 * hourMs,
    'NovitaAI was failing in part',
    '14 of 31 checks of NovitaAI failed in 9 min; the same models worked elsewhere',
  );
  if (name === 'partial')
    return [
      incident(
        'inc_part',
        { kind: 'provider', id: 'deepinfra' },
        'major_outage',
        nowMs - 22 * minuteMs,
        null,
        'DeepInfra is down',
        '18 of 18 checks of DeepInfra failed in 22 min; Llama 3.3 70B works on Groq and Together',
      ),
      past,
    ];
  if (name === 'major')
    return [
      incident(
        'inc_major',
        { kind: 'gateway', id: 'openrouter' },
        'major_outage',
        nowMs - 13 * minuteMs,
        null,
        'OpenRouter is down',
        '9 of 41 route checks failed in 90 s over 7 providers; direct routes are fine',
      ),
      past,
    ];
  if (name === 'own-connection')
    return [
      {
        ...incident(
          'inc_own',
          { kind: 'prober', id: 'fra1' },
          'major_outage',
          nowMs - 4 * minuteMs,
          null,
          'Our own connection is down',
          '3 of 3 controls failed',
        ),
        isPublic: false,
      },
      past,
    ];
  return [past];
}

export function incident(
  id: string,
  scope: Incident['scope'],
  impact: Impact,
  startedAtMs: number,
  resolvedAtMs: number | null,
  title: string,
  reason: string,
): Incident {
  return {
    id,
    scope,
    impact,
    status: resolvedAtMs === null ? 'open' : 'resolved',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs,
    openedAtMs: startedAtMs + 74_000,
    resolvedAtMs,
    title,
    reason,
    evidence: {
      failed: 18,
      total: 18,
      providers: scope.kind === 'gateway' ? 7 : 1,
      windowMs: 22 * minuteMs,
      byClass: { http_5xx: 16, timeout_first_token: 2 },
      sample: {
        status: 502,
        message: 'Provider returned error',
        provider: scope.id,
        target: `openrouter:${scope.id}:meta-llama~llama-3.3-70b-instruct`,
      },
      working: ['openrouter:groq:meta-llama~llama-3.3-70b-instruct'],
      witnesses: [
        { component: 'OpenRouter status page', status: 'operational', leadMs: null },
        { component: 'OpenRouter uptime figures', status: 'degraded', leadMs: 180_000 },
      ],
      candidates: [],
    },
    timeline: [
      { atMs: startedAtMs + 74_000, kind: 'opened', text: `${title}: ${reason}`, by: 'machine' },
      ...(resolvedAtMs === null
        ? []
        : [
            {
              atMs: resolvedAtMs,
              kind: 'resolved' as const,
              text: 'Over: 5 of 5 checks worked',
              by: 'machine',
            },
          ]),
    ],
    affected: [
      `openrouter/${scope.id}/${sceneModels.llama}`,
      `openrouter/${scope.id}/${sceneModels.deepseek}`,
    ],
    acknowledgedBy: null,
    pinned: [],
  };
}

export { sceneWatched };
