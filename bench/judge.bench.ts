import { createState, decideObservation, decideTime } from '#lib/core/decide.ts';
import { blankObservation, endedAtMs, type Observation } from '#lib/core/observation.ts';
import { parseObservation, toWire } from '#lib/core/observation-wire.ts';
import { defaultPolicy } from '#lib/core/policy.ts';
import { refuses, whole } from '#lib/testing/worlds/answers.ts';
import { type Bar, bars, healthy } from '#lib/testing/worlds/bars.ts';
import { measureBar, seedsFrom, shareAt } from '#lib/testing/worlds/measure.ts';
import { randomFrom } from '#lib/testing/worlds/random.ts';
import { runWorld } from '#lib/testing/worlds/run.ts';
import { makeWorld } from '#lib/testing/worlds/world.ts';
import type { Print } from './figure.ts';

export const name = 'judge';

/** Median and nine in ten of the time to open, in seconds; then of the time to close after the end. */
const limits: Record<string, { opened: [number, number]; major?: number; closed: number }> = {
  'gateway total': { opened: [60, 60], major: 90, closed: 240 },
  'gateway 20 %': { opened: [120, 180], closed: 720 },
  'provider dead, one route': { opened: [120, 150], closed: 240 },
  'provider dead, three routes': { opened: [120, 150], closed: 240 },
  'provider 40 %, one route': { opened: [360, 600], closed: 720 },
  'provider 40 %, three routes': { opened: [360, 600], closed: 720 },
};

export async function run(print: Print): Promise<void> {
  for (const bar of bars) reportBar(bar, print);
  reportHealthy(print);
  reportSpeed(print);
  reportLive(print);
}

function reportBar(bar: Bar, print: Print): void {
  const measured = measureBar(bar, seedsFrom(1, 100));
  const limit = limits[bar.name]!;
  const say = (figure: string, value: number, unit: string, most?: number) =>
    print({
      figure: `${bar.name}: ${figure}`,
      value: Math.round(value),
      unit,
      ...(most === undefined ? {} : { limit: most }),
    });
  say('opened, median', shareAt(measured.openedS, 0.5), 's', limit.opened[0]);
  say('opened, nine in ten', shareAt(measured.openedS, 0.9), 's', limit.opened[1]);
  if (limit.major) say('major outage, nine in ten', shareAt(measured.majorS, 0.9), 's', limit.major);
  say('closed after the end, median', shareAt(measured.closedS, 0.5), 's', limit.closed);
  say('closed after the end, nine in ten', shareAt(measured.closedS, 0.9), 's', limit.closed);
  say('closed before the end', measured.early, 'of 100 worlds', 0);
  say('missed', measured.missed, 'of 100 worlds', 0);
  say('incidents too many', measured.extra, 'in 100 worlds', 0);
  say('culprit wrong at first', measured.wrong, 'of 100 worlds');
}

function reportHealthy(print: Print): void {
  const openedIn = (seed: number, noise: number, days: number) =>
    runWorld(makeWorld(healthy(seed, noise, days)).observations).events.filter(
      (e) => e.type === 'incident.opened',
    ).length;
  const month = [1, 2, 3].reduce((sum, seed) => sum + openedIn(seed, 0.002, 10), 0);
  print({ figure: 'false incidents in 30 healthy days at 0.2 %', value: month, unit: 'incidents', limit: 0 });
  const day = seedsFrom(1, 20).filter((seed) => openedIn(seed, 0.008, 1) > 0).length;
  print({
    figure: 'healthy days at 0.8 % with a false incident, fixed seeds',
    value: day,
    unit: 'of 20',
    limit: 0,
  });
  const fresh = seedsFrom(Date.now() % 1_000_000_000, 20).filter(
    (seed) => openedIn(seed, 0.008, 1) > 0,
  ).length;
  print({
    figure: 'healthy days at 0.8 % with a false incident, fresh seeds',
    value: fresh,
    unit: 'of 20',
    limit: 1,
  });
}

/** Lines to decisions, as `replay` works: parsing included, reading the file not. */
function reportSpeed(print: Print): void {
  const lines = makeWorld(healthy(5, 0.002, 2)).observations.map((o) => JSON.stringify(toWire(o)));
  const rates: number[] = [];
  for (let round = 0; round < 5; round++) {
    const state = createState(defaultPolicy, { watched: [], chains: [] });
    const startedMs = coreMs();
    for (const line of lines) {
      const parsed = parseObservation(JSON.parse(line));
      if (!parsed.ok) continue;
      decideTime(state, endedAtMs(parsed.observation));
      decideObservation(state, parsed.observation);
    }
    rates.push(lines.length / ((coreMs() - startedMs) / 1000));
  }
  print({
    figure: 'replay',
    value: Math.round(shareAt(rates, 0.5)),
    unit: 'observations/s',
    limit: 100_000,
    note: 'at least',
  });
}

/** Time of one core, not of the clock: the machine may be busy with others. */
function coreMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** 500 targets: every hundredth look fails, and once a gateway dies. */
function reportLive(print: Print): void {
  const random = randomFrom(11);
  const state = createState(defaultPolicy, { watched: [], chains: [] });
  const targets = Array.from({ length: 500 }, (_, i) => ({
    gateway: i % 10 === 0 ? 'direct' : 'openrouter',
    provider: `p${i % 60}`,
    model: `lab/model-${i % 25}`,
  }));
  let atMs = Date.UTC(2026, 0, 1);
  const spend = (from: number, to: number, isDown: boolean): number => {
    const startedMs = coreMs();
    for (let i = from; i < to; i++) {
      atMs += 60;
      const target = targets[i % targets.length]!;
      const blank = blankObservation({ atMs, vantage: 'local', probe: 'completion', target });
      const fails = (isDown && target.gateway === 'openrouter') || random.chance(0.01);
      const o: Observation = { ...blank, ...(fails ? refuses(500) : whole)(blank, random) };
      decideTime(state, endedAtMs(o));
      decideObservation(state, o);
    }
    return (coreMs() - startedMs) / (to - from);
  };
  spend(0, 5_000, false);
  const mean = spend(5_000, 30_000, false);
  const down = spend(30_000, 40_000, true);
  const round = (ms: number) => Math.round(ms * 1000) / 1000;
  print({ figure: 'one decision at 500 targets, mean', value: round(mean), unit: 'ms', limit: 0.2 });
  print({
    figure: 'one decision at 500 targets while the gateway is down, mean',
    value: round(down),
    unit: 'ms',
    limit: 0.2,
  });
}
