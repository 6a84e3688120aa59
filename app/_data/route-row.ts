import type { RouteState } from '#lib/core/plan.ts';
import { targetKey } from '#lib/core/target.ts';
import { type Verdict, verdictWords } from '#lib/core/words.ts';
import type { Fresh } from './fresh.ts';
import { gatewayName } from './names.ts';
import { pathOf } from './paths.ts';
import type { Tick } from './ticks.ts';

export interface RouteRow {
  id: string;
  key: string;
  path: string;
  gateway: string;
  /** Empty for an unpinned route. */
  provider: string;
  model: string;
  isUnpinned: boolean;
  verdict: Verdict;
  severity: number;
  sinceMs: number;
  reason: string;
  isLimited: boolean;
  /** What a router is told: in use, less, tried again, or out of rotation. */
  action: RouteState['advice']['action'];
  retryAtMs: number | null;
  ticks: Tick[];
  firstTokenMs: number | null;
}

const hourMs = 3_600_000;

export function routeRow(
  fresh: Fresh,
  route: RouteState,
  name: (id: string) => string,
  ticksOf: (targetKey: string) => Tick[],
): RouteRow {
  const { target } = route;
  const key = targetKey('completion', target);
  const isUnpinned = target.provider === 'any';
  const window = fresh.windows.find((w) => w.targetKey === key && w.windowMs === hourMs);
  return {
    id: route.targetId,
    key,
    path: pathOf.route(target),
    gateway: gatewayName(target.gateway ?? ''),
    provider: isUnpinned ? '' : name(target.provider ?? ''),
    model: target.model ?? '',
    isUnpinned,
    verdict: route.verdict,
    severity: verdictWords[route.verdict].severity,
    sinceMs: route.stateSinceMs,
    reason: route.reason,
    isLimited: route.limited,
    action: route.advice.action,
    retryAtMs: route.circuit.retryAtMs,
    ticks: ticksOf(key),
    firstTokenMs: window?.firstTokenMs?.p50 ?? null,
  };
}
