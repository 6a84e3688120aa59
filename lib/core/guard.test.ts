import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { setFrozen } from './guard.ts';
import { noTiming } from './observation.ts';
import type { TargetRef } from './target.ts';

const routes: TargetRef[] = Array.from({ length: 20 }, (_, i) => ({
  gateway: `gate-${i % 5}`,
  provider: `p${i}`,
  model: `lab/m${i % 4}`,
}));
const controls = ['quad9', 'wikipedia', 'debian'].map(
  (provider) =>
    ({ probe: 'control', target: { gateway: null, provider, model: null }, keyed: false }) as const,
);

it('V5: holds back a mass opening until it is sure that it is not us, then opens together', () => {
  const judge = newJudge();
  for (let i = 0; i < 3; i++) {
    for (const target of routes) judge.see(goodLook({ target, timing: { ...noTiming, totalMs: 20 } }));
    judge.pass(25_000);
  }
  for (const why of ['slot', 'confirm', 'confirm'] as const) {
    for (const target of routes.slice(0, 8)) {
      judge.see(failedLook(500, {}, { target, why, timing: { ...noTiming, totalMs: 20 } }));
    }
    for (const one of controls)
      judge.see(look({ ...one, status: 200, timing: { ...noTiming, totalMs: 20 } }));
    judge.pass(2_000);
  }
  judge.pass(12_000);
  const guard = judge.events
    .filter((event) => event.type === 'guard.changed')
    .map((event) => event.data.state);
  const open = routes.filter((target) => judge.route(target).circuit.state === 'open').length;
  expect(open).toBeGreaterThanOrEqual(8);
  if (guard.length > 0) expect(guard).toEqual(['suppressed', 'normal']);
  expect(judge.state.guard).toMatchObject({ state: 'normal', self: 'ok' });
});

// Seen red with a blind connection published as a good one.
it('V3: changes nothing while our own connection is down, and says so', () => {
  const judge = newJudge();
  for (let i = 0; i < 3; i++) {
    for (const target of routes) judge.see(goodLook({ target, timing: { ...noTiming, totalMs: 20 } }));
    for (const one of controls)
      judge.see(look({ ...one, status: 200, timing: { ...noTiming, totalMs: 20 } }));
    judge.pass(20_000);
  }
  const dark = { reached: 'none', fault: 'unreachable', timing: { ...noTiming, totalMs: 20 } } as const;
  for (let i = 0; i < 4; i++) {
    for (const target of routes) judge.see(look({ target, ...dark }));
    for (const one of controls) judge.see(look({ ...one, ...dark }));
    judge.pass(8_000);
  }
  expect(judge.types('circuit.')).toEqual([]);
  expect(judge.state.guard).toMatchObject({ state: 'suppressed', self: 'blind' });
  const opened = judge.events.filter((event) => event.type === 'incident.opened');
  expect(opened.map((event) => [event.scope, event.isPublic])).toEqual([
    [{ kind: 'prober', id: 'local' }, false],
  ]);
  for (let i = 0; i < 3; i++) {
    for (const one of controls)
      judge.see(look({ ...one, status: 200, timing: { ...noTiming, totalMs: 20 } }));
    for (const target of routes) judge.see(goodLook({ target, timing: { ...noTiming, totalMs: 20 } }));
    judge.pass(15_000);
  }
  expect(judge.state.guard).toMatchObject({ state: 'normal', self: 'ok' });
  expect(judge.types('incident.')).toEqual(['incident.opened', 'incident.resolved']);
});

it('moves no circuit while the operator has frozen the feed, says so, and goes on afterwards', () => {
  const judge = newJudge();
  const [dead, well] = routes as [TargetRef, TargetRef];
  const fail = () => {
    for (const why of ['slot', 'confirm', 'confirm'] as const) {
      judge.see(failedLook(500, {}, { target: dead, why, timing: { ...noTiming, totalMs: 20 } }));
      for (const one of controls)
        judge.see(look({ ...one, status: 200, timing: { ...noTiming, totalMs: 20 } }));
      judge.pass(2_000);
    }
  };
  for (let i = 0; i < 4; i++) {
    for (const target of [dead, well]) judge.see(goodLook({ target }));
    judge.pass(25_000);
  }
  setFrozen(judge.state, true);
  judge.pass(2_000);
  expect(judge.state.guard.state).toBe('frozen');
  fail();
  expect(judge.route(dead).state).toBe('down');
  expect(judge.route(dead).circuit.state).toBe('closed');
  setFrozen(judge.state, false);
  judge.pass(2_000);
  expect(judge.state.guard.state).toBe('normal');
  fail();
  expect(judge.route(dead).circuit.state).toBe('open');
  const { openedAtMs } = judge.route(dead).circuit;
  setFrozen(judge.state, true);
  judge.pass(120_000);
  expect(judge.route(dead).circuit).toMatchObject({ state: 'open', openedAtMs });
  expect(judge.events.filter((event) => event.type === 'guard.changed').map((e) => e.data.state)).toEqual([
    ...['frozen', 'normal', 'frozen'],
  ]);
});
