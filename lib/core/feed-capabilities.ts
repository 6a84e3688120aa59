import type { Observation } from './observation.ts';
import type { RouteState } from './plan.ts';
import { type TargetRef, targetKey } from './target.ts';

/** What a route can do beside answering, as its own looks have shown; what nobody asked lately is unknown. */

export type Capability = 'pass' | 'fail' | 'unknown';

/** One series of looks that ask for an ability, newest first. */
export interface AbilityLooks {
  everyMs: number;
  looks: Observation[];
}

/** The feed's names for the abilities that are asked for. */
const asked = { tools: 'tools', json: 'schema' } as const;

/** Statuses with which an endpoint says that it cannot do what was asked. */
const refusals = new Set([400, 404, 422]);
const oldestIntervals = 3;

export function abilityKey(target: TargetRef, ability: string): string {
  return targetKey('capability', { ...target, api: ability });
}

export function capabilitiesOf(
  route: Pick<RouteState, 'state' | 'target'>,
  abilities: ReadonlyMap<string, AbilityLooks>,
  nowMs: number,
): Record<string, Capability> {
  const found: Record<string, Capability> = { stream: streams(route) };
  for (const [name, ability] of Object.entries(asked)) {
    const series = abilities.get(abilityKey(route.target, ability));
    found[name] = series ? abilityShown(series, nowMs) : 'unknown';
  }
  return found;
}

/** The newest look that says anything: a look that failed for another reason says nothing about the ability. */
export function abilityShown({ everyMs, looks }: AbilityLooks, nowMs: number): Capability {
  for (const look of looks) {
    if (nowMs - look.atMs > oldestIntervals * everyMs) break;
    if (look.error !== null || look.fault !== null) {
      if (look.error !== null && refusals.has(look.status ?? 0)) return 'fail';
      continue;
    }
    const answer = look.output?.answer;
    if (answer === 'match') return 'pass';
    if (answer === 'mismatch' || answer === 'empty') return 'fail';
  }
  return 'unknown';
}

function streams({ state }: Pick<RouteState, 'state'>): Capability {
  return state === 'up' || state === 'degraded' ? 'pass' : state === 'down' ? 'fail' : 'unknown';
}
