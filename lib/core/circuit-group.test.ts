import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook } from '#lib/testing/observations.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { setFleet } from './decide.ts';
import type { TargetRef } from './target.ts';

const through = (provider: string): TargetRef => ({ gateway: 'openrouter', provider, model: 'acme/swift-1' });
const often = ['alpha', 'bravo', 'charlie', 'delta', 'echo'].map(through);
const seldom = through('golf');
const never = through('hotel');
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;

function broken(): Judge {
  const judge = newJudge();
  const watched = [...often, seldom, never].map((target) =>
    watchedTarget('completion', target, { baseUrl: '', everyMs: often.includes(target) ? 30_000 : 900_000 }),
  );
  setFleet(judge.state, { watched, chains: [] });
  judge.see(goodLook({ target: seldom }));
  for (let i = 0; i < 4; i++) {
    for (const target of often) judge.see(goodLook({ target }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(25_000);
  }
  for (let i = 0; i < 3; i++) {
    for (const target of often) judge.see(failedLook(503, {}, { target, why: i === 0 ? 'slot' : 'confirm' }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(2_000);
  }
  return judge;
}

describe('what a total outage contains', () => {
  it('is out as a whole, also what is looked at too seldom to have failed by itself', () => {
    const judge = broken();
    expect(judge.route(seldom).circuit).toMatchObject({ state: 'open', reason: 'group', source: 'group' });
    expect(judge.route(seldom).advice.action).toMatch(/avoid|last_resort/);
    const told = judge.events.find((one) => one.type === 'circuit.opened' && one.targetId?.includes('golf'));
    expect(told?.sentence).toMatch(/taken out of rotation: OpenRouter is down/);
  });

  it('but not what nobody has ever seen: unknown means usable', () => {
    expect(broken().route(never).circuit.state).toBe('closed');
  });

  it('comes back with the whole', () => {
    const judge = broken();
    for (let i = 0; i < 12; i++) {
      for (const target of often) judge.see(goodLook({ target, why: 'trial' }));
      judge.pass(8_000);
    }
    expect(judge.types('incident.resolved')).toHaveLength(1);
    expect(judge.route(seldom).circuit.state).not.toBe('open');
  });
});
