import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { goodLook, look } from '#lib/testing/observations.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { setFleet } from './decide.ts';
import { noTiming, type Observation } from './observation.ts';
import type { TargetRef } from './target.ts';

const routes: TargetRef[] = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot'].map((provider) => ({
  gateway: 'openrouter',
  provider,
  model: 'acme/swift-1',
}));
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;

function stage(): Judge {
  const judge = newJudge();
  const watched = routes.map((target) =>
    watchedTarget('completion', target, { baseUrl: '', everyMs: 60_000, timeoutMs: 30_000 }),
  );
  setFleet(judge.state, { watched, chains: [] });
  for (let i = 0; i < 14; i++) {
    for (const target of routes) judge.see(goodLook({ target }));
    judge.pass(50_000);
  }
  return judge;
}

/** Ended three seconds into it, for want of a first token. */
const cut = (target: TargetRef, more: Partial<Observation> = {}) =>
  look({
    target,
    why: 'confirm',
    reached: 'sent',
    fault: 'timeout',
    timing: { ...noTiming, connectMs: 8, totalMs: 3_000 },
    ...more,
  });
const late = (target: TargetRef) =>
  goodLook({ target, timing: { ...noTiming, headersMs: 180, firstTokenMs: 6_000, totalMs: 6_400 } });

/** All at once, as neighbours are asked. */
function together(judge: Judge, looks: readonly Observation[]): void {
  const atMs = judge.nowMs;
  let endMs = atMs;
  for (const one of looks) {
    judge.nowMs = atMs;
    judge.see(one);
    endMs = Math.max(endMs, judge.nowMs);
  }
  judge.nowMs = endMs;
}

describe('looks that were cut short', () => {
  it('are failures where nothing answers', () => {
    const judge = stage();
    for (let round = 0; round < 3; round++) {
      judge.see(goodLook({ ...control, output: null }));
      together(
        judge,
        routes.slice(0, 4).map((target) => cut(target)),
      );
      judge.see(goodLook({ ...control, output: null }));
    }
    expect(judge.events.find((one) => one.type === 'incident.opened')?.scope).toMatchObject({
      kind: 'gateway',
    });
  });

  it('say nothing where a longer look beside them was answered, before or after', () => {
    for (const isAfter of [true, false]) {
      const judge = stage();
      for (let round = 0; round < 5; round++) {
        judge.see(goodLook({ ...control, output: null }));
        const cuts = routes.slice(0, 4).map((target) => cut(target));
        const answer = late(routes[4]!);
        together(judge, isAfter ? [...cuts, answer] : [answer, ...cuts]);
      }
      expect(judge.types('incident.opened')).toEqual([]);
    }
  });

  it('still count against a route of another far side that answers late', () => {
    const judge = stage();
    const elsewhere: TargetRef = { gateway: 'direct', provider: 'golf', model: 'swift-2' };
    for (let round = 0; round < 3; round++) {
      judge.see(goodLook({ ...control, output: null }));
      together(judge, [...routes.slice(0, 4).map((target) => cut(target)), late(elsewhere)]);
    }
    expect(judge.types('incident.opened')).toHaveLength(1);
  });

  it('are no other looks: one of the schedule that ran into its limit is a failure whatever else was slow', () => {
    const judge = stage();
    const full = (target: TargetRef) =>
      cut(target, { why: 'slot', timing: { ...noTiming, connectMs: 8, totalMs: 30_000 } });
    for (let round = 0; round < 3; round++) {
      judge.see(goodLook({ ...control, output: null }));
      together(judge, [...routes.slice(0, 4).map(full), late(routes[4]!)]);
      judge.see(goodLook({ ...control, output: null }));
    }
    expect(judge.types('incident.opened')).toHaveLength(1);
  });
});
