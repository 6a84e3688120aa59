import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '#lib/core/plan.ts';
import { defaultPolicy } from '#lib/core/policy.ts';
import { everything, throughGateway } from './aim.ts';
import { hangs, noConnection, refuses } from './answers.ts';
import { runAsked, watchedOf } from './asked.ts';
import { bars, startMs } from './bars.ts';
import { fleetOf } from './fleet.ts';
import { measureBar, seedsFrom, shareAt } from './measure.ts';
import { runWorld, type Story, storiesOf } from './run.ts';
import { makeWorld } from './world.ts';

const minuteMs = 60_000;
/** As the worker looks by default: once a minute. */
const watched = watchedOf(
  fleetOf({ everyMs: minuteMs, hasControls: true, hasCatalog: true, hasAccount: true }),
);

const fallsAtMs = (seed: number) => startMs + 10 * minuteMs + ((seed * 7_919) % minuteMs);

function storiesIn(
  seed: number,
  share: number,
  toMs: number,
  until?: (event: CoreEvent) => boolean,
): Story[] {
  const fromMs = fallsAtMs(seed);
  const fault = { fromMs, toMs, hits: throughGateway('echo'), share, answer: refuses(502, {}, true) };
  const lengthMs = 60 * minuteMs;
  const { events } = runAsked({
    seed,
    watched,
    fromMs: startMs,
    lengthMs,
    noise: 0,
    faults: [fault],
    ...(until ? { until } : {}),
  });
  return storiesOf(events);
}

const isOpened = ({ type }: CoreEvent) => type === 'incident.opened';
const isResolved = ({ type }: CoreEvent) => type === 'incident.resolved';

describe('judgement whose questions are answered, at a look a minute', () => {
  // Seen red with no quicker pace after a single failure: 228 s.
  it('finds a provider that fails at 40 % on its only route within three minutes, mostly', () => {
    const openedS = seedsFrom(1, 40).map((seed) => {
      const [story] = storiesIn(seed, 0.4, Number.POSITIVE_INFINITY, isOpened);
      return story ? (story.openedAtMs - fallsAtMs(seed)) / 1_000 : Number.POSITIVE_INFINITY;
    });
    expect(shareAt(openedS, 0.5)).toBeLessThanOrEqual(180);
  }, 60_000);

  // Seen red without the pace after the first success: two minutes.
  it('calls a short total fault over within a minute of its end', () => {
    for (const seed of seedsFrom(1, 10)) {
      const [found] = storiesIn(seed, 1, Number.POSITIVE_INFINITY, isOpened);
      // Three failing looks are all there are.
      const toMs = found!.openedAtMs + 500;
      const [story] = storiesIn(seed, 1, toMs, isResolved);
      expect(story?.resolvedAtMs, `seed ${seed}`).toBeGreaterThan(toMs);
      expect((story!.resolvedAtMs! - toMs) / 1_000, `seed ${seed}`).toBeLessThanOrEqual(60);
    }
  }, 60_000);

  it('says nothing in a noisy half-day, and asks for little', () => {
    const lengthMs = 12 * 60 * minuteMs;
    const { events, slots, asked } = runAsked({
      seed: 500,
      watched,
      fromMs: startMs,
      lengthMs,
      noise: 0.008,
      faults: [],
    });
    expect(events.filter(isOpened)).toEqual([]);
    expect(asked / slots).toBeLessThan(0.1);
    expect(asked).toBeGreaterThan(0);
  }, 60_000);
});

describe('worlds that were judged wrong once', () => {
  // Seen red with an incident of the route beside that of its provider, six minutes later.
  it('a route that is out, and later its provider, is one incident under a better name', () => {
    const fromMs = fallsAtMs(17);
    const toMs = fromMs + 20 * minuteMs;
    const fault = { fromMs, toMs, hits: throughGateway('alpha'), share: 0.4, answer: refuses(500) };
    const lengthMs = 20 * minuteMs;
    // Looked at a little less often, its other routes take longer to show it.
    const policy = { ...defaultPolicy, doubt_every_ms: 10_000, doubt_ms: 60_000 };
    const { events } = runAsked(
      { seed: 17, watched, fromMs: startMs, lengthMs, noise: 0.01, faults: [fault] },
      policy,
    );
    expect(storiesOf(events).map(({ scopes }) => [scopes[0]!.kind, scopes.at(-1)!.kind])).toEqual([
      ['route', 'provider'],
    ]);
  });

  // Seen red with three looks in a row that never left our own line.
  it('a fifth lost by our own line takes nothing out of rotation', () => {
    for (const seed of [2, 16, 18, 21]) {
      const fromMs = startMs + 25 * minuteMs + ((seed * 7_919) % minuteMs);
      const { observations } = makeWorld({
        name: 'own line',
        seed,
        fleet: fleetOf({ everyMs: 20_000, hasControls: true, hasCatalog: true, hasAccount: true }),
        fromMs: startMs,
        lengthMs: 60 * minuteMs,
        noise: 0.002,
        faults: [
          { fromMs, toMs: fromMs + 15 * minuteMs, hits: everything, share: 0.2, answer: noConnection },
        ],
        truth: [],
      });
      const opened = runWorld(observations).events.filter((event) => event.type === 'circuit.opened');
      expect(
        opened.map((event) => event.targetId),
        `seed ${seed}`,
      ).toEqual([]);
    }
  });

  // Seen red with a clear word of the controls asked for only where everything fails.
  it.each([
    ['not connecting', noConnection],
    ['hanging', hangs(10_000)],
  ])('a fifth lost by our own line is nobody else, %s', (_, answer) => {
    for (const seed of [7, 8, 17, 19, 24]) {
      const fromMs = startMs + 25 * minuteMs + ((seed * 7_919) % minuteMs);
      const toMs = fromMs + 15 * minuteMs;
      const { observations } = makeWorld({
        name: 'own line',
        seed,
        fleet: fleetOf({ hasControls: true, hasCatalog: true, hasAccount: true }),
        fromMs: startMs,
        lengthMs: 70 * minuteMs,
        noise: 0.002,
        faults: [{ fromMs, toMs, hits: everything, share: 0.2, answer }],
        truth: [],
      });
      const stories = storiesOf(runWorld(observations).events);
      expect(
        stories.map((story) => story.wasEverPublic),
        `seed ${seed}`,
      ).toEqual(stories.map(() => false));
      expect(stories.length, `seed ${seed}`).toBeGreaterThan(0);
    }
  });

  const bar = (name: string) => bars.find((one) => one.name === name)!;

  // Seen red with three failures of three taken for a total fault.
  it('a partial fault that began with three failures in a row is not over at twelve good looks', () => {
    expect(measureBar(bar('provider 40 %, one route'), [59])).toMatchObject({ early: 0, extra: 0 });
  });

  // Seen red with a second incident for the way to the provider that had worked at first.
  it('a provider that is out through the gateway and then directly too is one incident', () => {
    expect(measureBar(bar('provider 40 %, three routes'), [16, 25, 36])).toMatchObject({
      missed: 0,
      extra: 0,
    });
  });
});
