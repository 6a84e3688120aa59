import type { ComponentState, RouteState } from '#lib/core/plan.ts';
import { targetKey } from '#lib/core/target.ts';
import { type ConfidenceLevel, type Verdict, verdictWords } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import { type Fresh, type Freshness, readFresh } from './fresh.ts';
import { gatewayName, providerNames, shortModel } from './names.ts';
import { pathOf } from './paths.ts';
import { type Tick, tickOf } from './ticks.ts';

export interface StateLine {
  verdict: Verdict;
  sinceMs: number | null;
  reason: string;
}
export interface RouteLine extends StateLine {
  id: string;
  provider: string;
  model: string;
  path: string;
  ticks: Tick[];
  isLimited: boolean;
}
export interface GatewayLine extends StateLine {
  id: string;
  name: string;
  path: string;
  catalog: StateLine | null;
  official: (StateLine & { atMs: number | null }) | null;
}
export interface Answer {
  verdict: Verdict;
  sentence: string;
  sinceMs: number | null;
  sure: ConfidenceLevel;
  checks: number;
  lastCheckAtMs: number | null;
}
export interface OverviewView {
  title: string;
  freshness: Freshness;
  asOfMs: number | null;
  untilMs: number | null;
  answer: Answer;
  gateways: GatewayLine[];
  routes: RouteLine[];
  places: string[];
}

const ticksShown = 24;

export function overviewView(ctx: ViewContext): OverviewView {
  const fresh = readFresh(ctx);
  return {
    title: ctx.settings.title,
    freshness: fresh.freshness,
    asOfMs: fresh.asOfMs,
    untilMs: fresh.untilMs,
    answer: answerOf(fresh),
    gateways: ctx.settings.gateways.map((id) => gatewayLine(id, fresh)),
    routes: routeLines(ctx, fresh),
    places: ctx.settings.vantages.map((v) => v.place ?? v.id),
  };
}

export function stateLine(component: ComponentState | undefined): StateLine | null {
  if (!component) return null;
  return { verdict: component.verdict, sinceMs: component.sinceMs, reason: component.reason };
}

function find(fresh: Fresh, kind: ComponentState['kind'], id: string): ComponentState | undefined {
  return fresh.components.find((c) => c.kind === kind && c.id === id);
}

function gatewayLine(id: string, fresh: Fresh): GatewayLine {
  const own = stateLine(find(fresh, 'gateway', id)) ?? { verdict: 'unknown', sinceMs: null, reason: '' };
  const official = stateLine(find(fresh, 'official', id));
  const claim = fresh.claims.find((c) => c.page === id);
  return {
    ...own,
    id,
    name: gatewayName(id),
    path: pathOf.gateway(id),
    catalog: stateLine(find(fresh, 'catalog', id)),
    official: official && { ...official, atMs: claim?.atMs ?? null },
  };
}

function routeLines(ctx: ViewContext, fresh: Fresh): RouteLine[] {
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  return fresh.routes.map((route) => ({
    id: route.targetId,
    provider: name(route.target.provider ?? ''),
    model: shortModel(route.target.model ?? ''),
    path: pathOf.route(route.target),
    verdict: route.verdict,
    sinceMs: route.stateSinceMs,
    reason: route.reason,
    isLimited: route.limited,
    ticks: ctx.store.looks
      .last(targetKey('completion', route.target), ticksShown)
      .map(tickOf)
      .reverse(),
  }));
}

function answerOf(fresh: Fresh): Answer {
  const gateways = fresh.components.filter((c) => c.kind === 'gateway');
  const worst = [...gateways].sort((a, b) => verdictWords[b.verdict].severity - verdictWords[a.verdict].severity)[0];
  return {
    verdict: worst?.verdict ?? 'unknown',
    sentence: worst?.reason ?? '',
    sinceMs: worst?.sinceMs ?? null,
    sure: worst?.confidence.level ?? 'none',
    checks: worst?.confidence.samples ?? 0,
    lastCheckAtMs: lastCheck(fresh.components, fresh.routes),
  };
}

export function lastCheck(components: ComponentState[], routes: RouteState[]): number | null {
  const all = [
    ...components.map((c) => c.confidence.lastSampleAtMs),
    ...routes.map((r) => r.confidence.lastSampleAtMs),
  ].filter((at): at is number => at !== null);
  return all.length === 0 ? null : Math.max(...all);
}
