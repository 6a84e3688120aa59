import type { ErrorFacts, Observation } from '#lib/core/observation.ts';
import { blankObservation, noTiming, passivePrefix } from '#lib/core/observation.ts';
import { toWire } from '#lib/core/observation-wire.ts';
import type { RouteState } from '#lib/core/plan.ts';
import { providerBase, targetKey } from '#lib/core/target.ts';
import { askWorker } from '#lib/ops/ask-worker.ts';
import { lookNow } from '#lib/ops/look-now.ts';
import type { Edge } from './edge.ts';
import { Traffic } from './traffic.ts';

const togetherMs = 10_000;
const mostGroups = 2_000;
const mostKept = 50;
/** Looks for silence at once: when everything falls silent it is the sender. */
const mostSuspected = 20;
export const tracesVantage = `${passivePrefix}traces`;

/** What is read of a span: no prompt, no answer, no name of a user. */
export interface SpanFacts {
  model: string | null;
  provider: string | null;
  gateway: string | null;
  status: number | null;
  isError: boolean;
  errorType: string | null;
  atMs: number;
  totalMs: number;
  firstTokenMs: number | null;
}

interface Group {
  route: RouteState;
  status: number | null;
  isError: boolean;
  errorType: string | null;
  count: number;
  totals: number[];
  firsts: number[];
  lastAtMs: number;
}

/** Own traffic as evidence: spans become a few passive looks per route and ten seconds. */
export class Traces {
  #groups = new Map<string, Group>();
  #traffic = new Traffic();
  #timer: NodeJS.Timeout;
  #edge: Pick<Edge, 'live' | 'store' | 'nowMs' | 'log'>;
  #index: { version: number; routes: Map<string, RouteState> } = { version: -1, routes: new Map() };
  taken = 0;
  unknown = 0;

  constructor(edge: Pick<Edge, 'live' | 'store' | 'nowMs' | 'log'>) {
    this.#edge = edge;
    this.#timer = setInterval(() => this.flush(), togetherMs);
    this.#timer.unref();
  }

  add(span: SpanFacts): void {
    const route = this.#routeOf(span);
    if (!route) {
      this.unknown += 1;
      return;
    }
    this.taken += 1;
    const key = `${route.targetId} ${span.status} ${span.isError} ${span.errorType}`;
    let group = this.#groups.get(key);
    if (!group) {
      if (this.#groups.size >= mostGroups) return;
      const { status, isError, errorType } = span;
      group = { route, status, isError, errorType, count: 0, totals: [], firsts: [], lastAtMs: 0 };
      this.#groups.set(key, group);
    }
    group.count += 1;
    group.lastAtMs = Math.max(group.lastAtMs, span.atMs);
    if (group.totals.length >= mostKept) return;
    group.totals.push(span.totalMs);
    if (span.firstTokenMs !== null) group.firsts.push(span.firstTokenMs);
  }

  /** The watched route a span went through: the pinned one if we watch it, else the one the gateway chooses for. */
  #routeOf({ model, provider, gateway }: SpanFacts): RouteState | null {
    const { live } = this.#edge;
    if (this.#index.version !== live.version)
      this.#index = { version: live.version, routes: indexOf(live.facts().routes) };
    if (model === null) return null;
    const { routes } = this.#index;
    // Who names no gateway may have asked the provider itself.
    const gateways =
      gateway !== null ? [gateway] : provider === null ? ['openrouter'] : ['direct', 'openrouter'];
    const names = [provider, provider && providerBase(provider), 'any'].filter((name) => name !== null);
    for (const one of gateways)
      for (const name of names) {
        const found = routes.get(indexKey(one, name, model));
        if (found) return found;
      }
    return null;
  }

  flush(): void {
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    const calls = new Map<string, number>();
    for (const { route, count } of groups) {
      const key = targetKey('completion', route.target);
      calls.set(key, (calls.get(key) ?? 0) + count);
    }
    const silent = this.#traffic.step(calls).slice(0, mostSuspected);
    const io = { store: this.#edge.store, nowMs: this.#edge.nowMs() };
    try {
      if (groups.length > 0)
        askWorker(io, 'observations', { vantage: tracesVantage, lines: linesOf(groups, io.nowMs) }, 'traces');
      if (silent.length > 0) lookNow(io, { targetKeys: silent, by: 'traces' });
    } catch (error) {
      this.#edge.log.warn({ error }, 'own traffic could not be handed to the worker');
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}

/** Two groups of one route are two looks: no two may claim the same instant. */
function linesOf(groups: Group[], nowMs: number): object[] {
  const taken = new Set<string>();
  return groups.map((group) => {
    const o = observationOf(group, nowMs);
    while (taken.has(`${group.route.targetId} ${o.atMs}`)) o.atMs -= 1;
    taken.add(`${group.route.targetId} ${o.atMs}`);
    return toWire(o);
  });
}

function indexOf(routes: RouteState[]): Map<string, RouteState> {
  const index = new Map<string, RouteState>();
  for (const route of routes) {
    const { gateway, provider, model } = route.target;
    for (const name of new Set([provider, route.endpoint]))
      if (name !== null) index.set(indexKey(gateway ?? 'direct', name, model ?? ''), route);
  }
  return index;
}

/** `Google AI Studio` is `google-ai-studio`, `Z.AI` is `z-ai`: some send a provider's name, some its slug. */
function indexKey(gateway: string, provider: string, model: string): string {
  const name = provider.toLowerCase().replace(/[^a-z0-9/]/g, '');
  return `${gateway} ${name} ${model.toLowerCase()}`;
}

function median(values: number[]): number | null {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

function observationOf(group: Group, nowMs: number): Observation {
  const { route, status, isError, errorType } = group;
  const error: ErrorFacts | null = isError
    ? {
        code: status === null ? null : String(status),
        type: errorType,
        message: null,
        provider: null,
        limit: null,
        attempt: null,
        body: null,
        inBand: status === 200,
      }
    : null;
  const totalMs = median(group.totals);
  return blankObservation({
    atMs: Math.min(group.lastAtMs || nowMs, nowMs),
    vantage: tracesVantage,
    probe: 'completion',
    target: route.target,
    why: 'passive',
    reached: isError ? (status === null ? 'sent' : 'headers') : 'done',
    fault: isError && status === null ? faultOf(errorType) : null,
    status: status ?? (isError ? null : 200),
    error,
    timing: { ...noTiming, totalMs, firstTokenMs: isError ? null : (median(group.firsts) ?? totalMs) },
    output: isError ? null : { tokens: 1, reasoningTokens: null, finish: 'stop', done: true, answer: null },
    endpoint: route.endpoint,
  });
}

function faultOf(errorType: string | null): Observation['fault'] {
  const text = errorType?.toLowerCase() ?? '';
  if (text.includes('timeout')) return 'timeout';
  if (text.includes('reset') || text.includes('socket')) return 'reset';
  if (text.includes('refused')) return 'refused';
  return 'aborted';
}
