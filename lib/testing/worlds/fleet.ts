import type { ProbeKind } from '#lib/core/observation.ts';
import type { TargetRef } from '#lib/core/target.ts';

/** What a world watches, and how often. */
export interface Watch {
  probe: ProbeKind;
  target: TargetRef;
  everyMs: number;
  keyed: boolean;
}

export const models = ['acme/swift-1', 'borea/lynx-2', 'cetus/whale-3'] as const;
/** Which provider serves which models: some are seen on one route only. */
export const served: Record<string, readonly number[]> = {
  alpha: [0, 1, 2],
  bravo: [0, 1],
  charlie: [0, 2],
  delta: [1, 2],
  echo: [0],
  foxtrot: [1],
  golf: [2],
};
const direct: readonly [string, number][] = [
  ['alpha', 0],
  ['bravo', 1],
  ['charlie', 2],
];
const unpinned: readonly number[] = [0, 1];

export interface FleetShape {
  everyMs?: number;
  hasControls?: boolean;
  hasCatalog?: boolean;
  hasAccount?: boolean;
  hasOfficial?: boolean;
}

/** Twelve pinned routes, two unpinned ones, three direct ones, and what else is asked for. */
export function fleetOf(shape: FleetShape = {}): Watch[] {
  const everyMs = shape.everyMs ?? 30_000;
  const list: Watch[] = [];
  const route = (gateway: string, provider: string, model: string) =>
    list.push({ probe: 'completion', target: { gateway, provider, model }, everyMs, keyed: true });
  for (const [provider, own] of Object.entries(served)) {
    for (const model of own) route('openrouter', provider, models[model]!);
  }
  for (const model of unpinned) route('openrouter', 'any', models[model]!);
  for (const [provider, model] of direct) route('direct', provider, models[model]!.split('/')[1]!);
  const free = (
    probe: ProbeKind,
    provider: string | null,
    gateway: string | null,
    every: number,
    keyed = false,
  ) => list.push({ probe, target: { gateway, provider, model: null }, everyMs: every, keyed });
  if (shape.hasControls)
    for (const name of ['quad9', 'wikipedia', 'debian']) free('control', name, null, 15_000);
  if (shape.hasCatalog) free('catalog', null, 'openrouter', 60_000);
  if (shape.hasAccount) free('account', null, 'openrouter', 60_000, true);
  if (shape.hasOfficial) free('official', null, 'openrouter', 60_000);
  return list;
}
