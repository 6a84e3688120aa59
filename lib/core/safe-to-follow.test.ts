import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { noTiming, type Observation } from './observation.ts';
import type { RouteState } from './plan.ts';
import type { TargetRef } from './target.ts';

/** Whatever is seen: what a router may rely on with its eyes closed. */

const routes: TargetRef[] = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'].flatMap((provider, i) => [
  { gateway: 'openrouter', provider, model: 'lab/one' },
  ...(i < 3 ? [{ gateway: 'openrouter', provider, model: 'lab/two' }] : []),
  ...(i === 0 ? [{ gateway: 'openrouter', provider, model: 'lab/three' }] : []),
]);
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;
const timing = { ...noTiming, totalMs: 40 };

type What = 'good' | 'slow' | 500 | 503 | 429 | 401 | 402 | 400 | 404 | 'timeout' | 'unreachable' | 'dark';
const whats: What[] = ['good', 'slow', 500, 503, 429, 401, 402, 400, 404, 'timeout', 'unreachable', 'dark'];

interface Step {
  route: number;
  what: What;
  times: number;
  gapMs: number;
  why: 'slot' | 'confirm' | 'passive';
}

const step: fc.Arbitrary<Step> = fc.record({
  route: fc.nat(routes.length - 1),
  what: fc.constantFrom(...whats),
  times: fc.integer({ min: 1, max: 5 }),
  gapMs: fc.constantFrom(700, 2_000, 10_000, 31_000),
  why: fc.constantFrom('slot', 'confirm', 'passive'),
});

function seen(target: TargetRef, { what, why }: Pick<Step, 'what' | 'why'>): Observation {
  const more = { target, why, timing, ...(why === 'passive' ? { vantage: 'passive-admin' } : {}) };
  if (what === 'good') return goodLook({ ...more, timing: goodLook().timing });
  if (what === 'slow')
    return goodLook({ ...more, timing: { ...goodLook().timing, firstTokenMs: 6_000, totalMs: 6_500 } });
  if (what === 'timeout') return look({ ...more, reached: 'headers', status: 200, fault: 'timeout' });
  if (what === 'unreachable' || what === 'dark')
    return look({ ...more, reached: 'none', fault: 'unreachable' });
  // Whom an error names is at fault; ours name nobody.
  const isOurs = what === 401 || what === 402 || what === 400;
  return failedLook(what, isOurs ? {} : { provider: target.provider }, more);
}

/** Takes the steps, and looks around after each second and each look. */
function live(steps: Step[], check: (judge: Judge, all: RouteState[]) => void): Judge {
  const judge = newJudge();
  const around = () => {
    const all = [...judge.state.tracks.values()].flatMap((track) => (track.route ? [track.route] : []));
    check(judge, all);
  };
  for (const target of routes) judge.see(goodLook({ target }));
  for (const { route, what, times, gapMs, why } of steps)
    for (let i = 0; i < times; i++) {
      judge.see(seen(routes[route] as TargetRef, { what, why }));
      judge.see(
        what === 'dark'
          ? look({ ...control, fault: 'unreachable', timing })
          : look({ ...control, status: 200, timing }),
      );
      around();
      for (let ms = 0; ms < gapMs; ms += 1_000) {
        judge.pass(Math.min(1_000, gapMs - ms));
        around();
      }
    }
  return judge;
}

function holds(check: (judge: Judge, all: RouteState[]) => void, after?: (judge: Judge) => void): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const judge = live(steps, check);
      after?.(judge);
    }),
    { numRuns: 40 },
  );
}

describe('whatever is seen', () => {
  it('no model is avoided altogether: at most half of its routes, and never its only one', () => {
    holds((_judge, all) => {
      for (const list of Map.groupBy(all, (route) => route.target.model).values()) {
        const avoided = list.filter((route) => route.advice.action === 'avoid').length;
        expect(avoided).toBeLessThanOrEqual(Math.floor(list.length / 2));
      }
    });
  });

  it('an advice follows from its circuit, and weights come in steps', () => {
    const most = { use: 100, prefer_not: 50, probe: 10, avoid: 0, last_resort: 1 };
    holds((_judge, all) => {
      const wrong = all.filter(({ advice, circuit }) => {
        const isOut = advice.action === 'avoid' || advice.action === 'last_resort';
        const isStep = [0, 1, 10, 25, 50, 100].includes(advice.weight);
        const isOfCircuit =
          isOut === (circuit.state === 'open') &&
          (advice.action === 'probe') === (circuit.state === 'half_open');
        return !isStep || advice.weight > most[advice.action] || !isOfCircuit;
      });
      expect(wrong).toEqual([]);
    });
  });

  it('unknown is usable, and every decision says why and from how much', () => {
    holds((_judge, all) => {
      const wrong = all.filter(({ state, circuit, reason, confidence }) => {
        const isUsable = state !== 'unknown' || circuit.state === 'closed';
        const waitMs = (circuit.retryAtMs ?? 0) - circuit.sinceMs;
        const isDated = circuit.reason !== null && waitMs > 0 && waitMs <= 720_000;
        return !isUsable || reason === '' || confidence.samples < 0 || (circuit.state === 'open' && !isDated);
      });
      expect(wrong).toEqual([]);
    });
  });

  // Seen red with a route taken out on the word of its incident while its own refusals said nothing.
  it('unknown is usable, also where a refused key makes an open route unknown', () => {
    const of = (what: What, times: number, gapMs: number): Step => ({
      route: 0,
      what,
      times,
      gapMs,
      why: 'slot',
    });
    live([of(500, 3, 31_000), of('timeout', 3, 700), of(401, 3, 31_000)], (_judge, all) => {
      expect(all.filter(({ state, circuit }) => state === 'unknown' && circuit.state !== 'closed')).toEqual(
        [],
      );
    });
  });

  it('every state of a circuit lasts half a minute, unless it ends because nothing is known any more', () => {
    holds(
      () => undefined,
      ({ events }) => {
        const turns = events.filter((event) => event.type.startsWith('circuit.'));
        for (const list of Map.groupBy(turns, (event) => event.targetId).values())
          list.forEach((event, i) => {
            const before = list[i - 1];
            if (!before || event.type === 'circuit.closed') return;
            const isAfterFailedTrial =
              event.type === 'circuit.opened' && before.type === 'circuit.half_opened';
            if (!isAfterFailedTrial) expect(event.atMs - before.atMs).toBeGreaterThanOrEqual(30_000);
          });
      },
    );
  });

  it('after it closes a circuit is gentle for a minute', () => {
    holds((judge, all) => {
      for (const { circuit, advice } of all) {
        if (circuit.state !== 'closed' || circuit.rampUntilMs === null) continue;
        const leftMs = circuit.rampUntilMs - judge.state.nowMs;
        if (leftMs > 46_000) expect(advice.weight).toBeLessThanOrEqual(10);
        else if (leftMs > 31_000) expect(advice.weight).toBeLessThanOrEqual(25);
        else if (leftMs > 1_000) expect(advice.weight).toBeLessThanOrEqual(50);
      }
    });
  });

  it('nothing opens while we are blind', () => {
    let isBlind = false;
    let opened = 0;
    holds((judge) => {
      const now = judge.types('circuit.opened').length;
      if (isBlind && judge.state.guard.self === 'blind') expect(now).toBeLessThanOrEqual(Math.max(opened, 0));
      isBlind = judge.state.guard.self === 'blind';
      opened = now;
    });
  });
});

function quietly(whats: What[], whys: Step['why'][], check: (judge: Judge) => void): void {
  const mild = fc.record({
    ...{ route: fc.nat(routes.length - 1), what: fc.constantFrom(...whats), why: fc.constantFrom(...whys) },
    ...{ times: fc.integer({ min: 1, max: 6 }), gapMs: fc.constantFrom(700, 2_000, 10_000) },
  });
  fc.assert(
    fc.property(fc.array(mild, { maxLength: 14 }), (steps) => check(live(steps, () => undefined))),
    { numRuns: 40 },
  );
}

it('faults of our own credit or request, and a 429, open no circuit, however often', () => {
  quietly([429, 402, 400, 'good'], ['slot', 'confirm'], (judge) => {
    expect(judge.types('circuit.')).toEqual([]);
  });
});

it('what others report opens no circuit and no public incident by itself', () => {
  quietly([500, 503, 404, 'timeout', 'unreachable'], ['passive'], (judge) => {
    expect(judge.types('circuit.')).toEqual([]);
    expect(judge.events.filter((event) => event.type === 'incident.opened' && event.isPublic)).toEqual([]);
  });
});
