import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { goodLook, look } from '#lib/testing/observations.ts';
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

const hung = (target: TargetRef, totalMs: number, why: Observation['why'] = 'slot') =>
  look({ target, why, reached: 'sent', fault: 'timeout', timing: { ...noTiming, connectMs: 8, totalMs } });

it('a short total hang is over within a minute of its end, though looks that hung in it end later', () => {
  const judge = newJudge();
  const at = (ms: number, o: Observation) => {
    judge.nowMs = ms;
    judge.see(o);
  };
  for (let i = 0; i < 4; i++) {
    for (const target of routes) judge.see(goodLook({ target }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(25_000);
  }
  const fellMs = judge.nowMs;
  // What was asked for ends after three seconds; six looks of the schedule hang on for thirty.
  for (const target of routes.slice(0, 5)) at(fellMs + 3_000, hung(target, 3_000, 'confirm'));
  at(fellMs + 6_500, goodLook({ ...control, output: null }));
  for (const target of routes.slice(0, 2)) at(fellMs + 7_000, hung(target, 3_000, 'confirm'));
  expect(judge.types('incident.opened')).toHaveLength(1);
  const mendedMs = fellMs + 12_500;
  for (let i = 0; i < 3; i++)
    for (const target of routes) at(mendedMs + 1_000 + i * 8_000, goodLook({ target, why: 'trial' }));
  for (const [i, target] of routes.entries()) at(fellMs + i * 2_000, hung(target, 30_000));
  for (let i = 3; i < 6; i++)
    for (const target of routes) at(mendedMs + 1_000 + i * 8_000, goodLook({ target, why: 'trial' }));
  const over = judge.events.find((event) => event.type === 'incident.resolved');
  expect((over?.atMs ?? Number.POSITIVE_INFINITY) - mendedMs).toBeLessThanOrEqual(60_000);
});
