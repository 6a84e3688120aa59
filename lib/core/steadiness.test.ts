import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { noTiming } from './observation.ts';
import type { TargetRef } from './target.ts';

/** What is constant stays as it was judged: no flapping out of nothing. */

const routes: TargetRef[] = Array.from({ length: 6 }, (_, i) => ({
  gateway: 'gate',
  provider: `p${i}`,
  model: `lab/m${i % 3}`,
}));
const broken = routes[0] as TargetRef;
const quick = { timing: { ...noTiming, totalMs: 20 } };

function controlsFine(judge: ReturnType<typeof newJudge>, vantage: string): void {
  for (const provider of ['quad9', 'wikipedia', 'debian'])
    judge.see(
      look({
        probe: 'control',
        target: { gateway: null, provider, model: null },
        keyed: false,
        status: 200,
        vantage,
        ...quick,
      }),
    );
}

/** Some quiet minutes, so that what is normal is known. */
function calm(judge: ReturnType<typeof newJudge>, vantages: string[], rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    for (const vantage of vantages) {
      controlsFine(judge, vantage);
      for (const target of routes) judge.see(goodLook({ target, vantage, ...quick }));
    }
    judge.pass(30_000);
  }
}

const opened = (judge: ReturnType<typeof newJudge>) => judge.types('incident.opened').length;

// Seen red with the evidence that opens put out of reach: the third case was missed.
it('V1: one blip is nothing, two far apart are nothing, a failure that is confirmed twice is one incident', () => {
  const judge = newJudge();
  calm(judge, ['local'], 6);
  const fail = (why: 'slot' | 'confirm') => judge.see(failedLook(503, {}, { target: broken, why, ...quick }));
  fail('slot');
  calm(judge, ['local'], 8);
  expect(opened(judge)).toBe(0);
  fail('slot');
  calm(judge, ['local'], 8);
  expect(opened(judge)).toBe(0);
  for (const why of ['slot', 'confirm', 'confirm', 'slot', 'slot'] as const) {
    fail(why);
    controlsFine(judge, 'local');
    judge.pass(why === 'confirm' ? 8_000 : 16_000);
  }
  expect(opened(judge)).toBe(1);
});

// Seen red with incidents closed at the first calm moment: they came and went.
it('V2: constant votes of one to seven vantages change nothing once the first round is judged', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(7), fc.nat(7), (count, bad, silent) => {
      const vantages = Array.from({ length: count }, (_, i) => `v${i}`);
      const judge = newJudge();
      calm(judge, vantages, 4);
      const speaking = vantages.slice(0, Math.max(1, count - silent));
      const round = () => {
        for (const [i, vantage] of speaking.entries()) {
          controlsFine(judge, vantage);
          for (const target of routes)
            judge.see(
              i < bad && target === broken
                ? failedLook(503, {}, { target, vantage, ...quick })
                : goodLook({ target, vantage, ...quick }),
            );
        }
        judge.pass(30_000);
      };
      for (let i = 0; i < 12; i++) round();
      // A circuit out of rotation is tried again and again; what people are told is not.
      const told = () => judge.types('incident.').filter((type) => type !== 'incident.changed').length;
      const before = told();
      const verdict = judge.route(broken).verdict;
      for (let i = 0; i < 30; i++) {
        round();
        expect([judge.route(broken).verdict, told()]).toEqual([verdict, before]);
      }
    }),
    { numRuns: 12 },
  );
});
