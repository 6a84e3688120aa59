import { describe, expect, it } from 'vitest';
import { bars, healthy } from './bars.ts';
import { checkWorld } from './check.ts';
import { measureBar, seedsFrom, shareAt } from './measure.ts';
import { runWorld } from './run.ts';
import { plotOf, suite } from './suite.ts';
import { makeWorld } from './world.ts';

const fixedSeeds = [1, 2, 3];
/** Printed with every failure, so that a fresh world can be had again. */
const freshSeed = Date.now() % 1_000_000_000;

describe('worlds with a known truth', () => {
  it('are at least forty', () => {
    expect(suite.length).toBeGreaterThanOrEqual(40);
    expect(new Set(suite.map((scene) => scene.name)).size).toBe(suite.length);
  });

  it.each(suite.map((scene) => [scene.name, scene] as const))('%s', (_, scene) => {
    for (const seed of fixedSeeds)
      expect(checkWorld(makeWorld(plotOf(scene, seed))), `seed ${seed}`).toEqual([]);
  });

  it('are judged right from fresh seeds too, but for the unluckiest', () => {
    const wrong = suite.flatMap((scene) => {
      const problems = checkWorld(makeWorld(plotOf(scene, freshSeed)));
      return problems.length === 0 ? [] : [`${scene.name}, seed ${freshSeed}: ${problems.join('; ')}`];
    });
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(3);
  }, 60_000);
});

describe('the bars of judgement', () => {
  const most: Record<string, [number, number, number]> = {
    'gateway total': [60, 60, 240],
    'gateway 20 %': [120, 180, 720],
    'provider dead, one route': [120, 150, 240],
    'provider dead, three routes': [120, 150, 240],
    'provider 40 %, one route': [360, 600, 720],
    'provider 40 %, three routes': [360, 600, 720],
  };

  it.each(bars.map((bar) => [bar.name, bar] as const))(
    '%s: soon enough, over after its end, one incident',
    (name, bar) => {
      const measured = measureBar(bar, seedsFrom(1, 15));
      const [median, nine, closed] = most[name]!;
      expect(shareAt(measured.openedS, 0.5)).toBeLessThanOrEqual(median);
      expect(shareAt(measured.openedS, 0.9)).toBeLessThanOrEqual(nine);
      expect(shareAt(measured.closedS, 0.9)).toBeLessThanOrEqual(closed);
      expect(measured).toMatchObject({ missed: 0, early: 0, extra: 0 });
    },
    60_000,
  );

  it('open nothing in ten healthy days, nor in a noisy one', () => {
    const opened = (noise: number, days: number, seed: number) =>
      runWorld(makeWorld(healthy(seed, noise, days)).observations).events.filter(
        (event) => event.type === 'incident.opened',
      );
    expect(opened(0.002, 10, 7)).toEqual([]);
    for (const seed of [1, 2]) expect(opened(0.008, 1, seed)).toEqual([]);
  }, 60_000);
});
