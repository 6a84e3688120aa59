import type { Bar } from './bars.ts';
import { runWorld, storiesOf } from './run.ts';
import { makeWorld } from './world.ts';

/** How soon, how right, how long: one bar over many seeds. Times are seconds after the fault began or ended. */
export interface Measured {
  openedS: number[];
  majorS: number[];
  closedS: number[];
  missed: number;
  early: number;
  extra: number;
  wrong: number;
}

export function measureBar(bar: Bar, seeds: readonly number[]): Measured {
  const measured: Measured = {
    openedS: [],
    majorS: [],
    closedS: [],
    missed: 0,
    early: 0,
    extra: 0,
    wrong: 0,
  };
  for (const seed of seeds) addSeed(bar, seed, measured);
  return measured;
}

const never = 1e9;

function addSeed(bar: Bar, seed: number, into: Measured): void {
  const plot = bar.plot(seed);
  const truth = plot.truth[0]!;
  const stories = storiesOf(runWorld(makeWorld(plot).observations).events);
  const own = stories.filter((one) => {
    const last = one.scopes.at(-1)!;
    return last.kind === truth.scope.kind && last.id === truth.scope.id;
  });
  const [main] = own;
  into.extra += stories.length - Math.min(1, own.length);
  if (!main) {
    into.missed += 1;
    into.openedS.push(never);
    return;
  }
  if (main.scopes[0]!.kind !== truth.scope.kind) into.wrong += 1;
  into.openedS.push((main.openedAtMs - truth.fromMs) / 1000);
  into.majorS.push(main.majorAtMs === null ? never : (main.majorAtMs - truth.fromMs) / 1000);
  into.closedS.push(main.resolvedAtMs === null ? never : (main.resolvedAtMs - truth.toMs) / 1000);
  if (main.firstResolvedAtMs !== null && main.firstResolvedAtMs < truth.toMs) into.early += 1;
}

export function shareAt(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
