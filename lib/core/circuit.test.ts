import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, pinned } from '#lib/testing/observations.ts';
import { noTiming } from './observation.ts';
import type { TargetRef } from './target.ts';

const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;
const other = (provider: string, model = 'acme/swift-1'): TargetRef => ({
  gateway: 'openrouter',
  provider,
  model,
});

const quick = { ...noTiming, totalMs: 40 };

function warm(judge: Judge, targets: TargetRef[], rounds = 4): void {
  for (let i = 0; i < rounds; i++) {
    for (const target of targets) judge.see(goodLook({ target }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(28_000);
  }
}

/** Three failures in a row, as a first look and its two confirmations show them. */
function kill(judge: Judge, target: TargetRef): void {
  for (const why of ['slot', 'confirm', 'confirm'] as const) {
    judge.see(failedLook(503, { provider: target.provider }, { target, why }));
    judge.pass(2_000);
    judge.see(goodLook({ ...control, output: null }));
  }
}

describe('a circuit', () => {
  it('opens after three countable failures, and readers are told to keep away', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo'), other('charlie')]);
    kill(judge, pinned);
    expect(judge.route(pinned)).toMatchObject({
      state: 'down',
      circuit: { state: 'open', reason: 'http_5xx', source: 'auto', backoff: 0 },
      advice: { action: 'avoid', weight: 0 },
    });
    expect(judge.types('circuit.')).toEqual(['circuit.opened']);
    expect(judge.route(other('bravo')).advice).toEqual({ action: 'use', weight: 100 });
  });

  it('opens at the third failure, however close, when another place saw it too', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo'), other('charlie')]);
    for (const [vantage, waitMs] of [
      ['local', 300],
      ['fra', 1_300],
      ['local', 300],
    ] as const) {
      expect(judge.route(pinned).circuit.state).toBe('closed');
      judge.see(failedLook(503, { provider: 'alpha' }, { vantage, why: 'confirm', timing: quick }));
      judge.pass(waitMs);
    }
    expect(judge.route(pinned).circuit.state).toBe('open');
  });

  it('opens with the first failed look of ours when own traffic failed before it, and never by traffic alone', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo'), other('charlie')]);
    const traffic = { vantage: 'passive-traces', why: 'passive', timing: quick } as const;
    for (let i = 0; i < 6; i++) {
      judge.see(failedLook(503, { provider: 'alpha' }, traffic));
      judge.pass(10_000);
    }
    expect(judge.route(pinned).circuit.state).toBe('closed');
    expect(judge.types('incident.')).toEqual([]);
    judge.see(failedLook(503, { provider: 'alpha' }, { why: 'confirm', timing: quick }));
    expect(judge.route(pinned).circuit.state).toBe('open');
    expect(judge.types('incident.')).toEqual([]);
  });

  it('that never opened is closed since it was first known, and is held shut by nothing', () => {
    const judge = newJudge();
    judge.see(goodLook());
    const { sinceMs, openedAtMs } = judge.route(pinned).circuit;
    expect(Math.abs(sinceMs - judge.state.nowMs)).toBeLessThan(60_000);
    expect(openedAtMs ?? []).toEqual([]);
    warm(judge, [other('bravo')]);
    kill(judge, pinned);
    const { circuit } = judge.route(pinned);
    expect(circuit).toMatchObject({ state: 'open', openedAtMs: [circuit.sinceMs] });
  });

  it('waits for its own proof when some of the traffic went through', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo'), other('charlie')]);
    const traffic = { vantage: 'passive-traces', why: 'passive', timing: quick } as const;
    for (let i = 0; i < 4; i++) judge.see(failedLook(503, { provider: 'alpha' }, traffic));
    judge.see(goodLook(traffic));
    judge.pass(5_000);
    judge.see(failedLook(503, { provider: 'alpha' }, { why: 'confirm', timing: quick }));
    expect(judge.route(pinned).circuit.state).toBe('closed');
  });

  it('is tried at its hour, reopens with a longer wait, closes after three good trials and ramps', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo')]);
    kill(judge, pinned);
    const first = judge.route(pinned).circuit;
    const waitMs = first.retryAtMs! - first.sinceMs;
    expect(waitMs).toBeGreaterThanOrEqual(24_000);
    expect(waitMs).toBeLessThanOrEqual(36_000);
    judge.pass(40_000);
    expect(judge.route(pinned)).toMatchObject({
      circuit: { state: 'half_open' },
      advice: { action: 'probe', weight: 10 },
    });
    expect(judge.asks.some((ask) => ask.why === 'trial')).toBe(true);
    judge.see(failedLook(503, { provider: 'alpha' }, { why: 'trial' }));
    expect(judge.route(pinned).circuit).toMatchObject({ state: 'open', backoff: 1 });
    judge.pass(80_000);
    for (let i = 0; i < 6 && judge.route(pinned).circuit.state !== 'closed'; i++) {
      judge.pass(9_000);
      judge.see(goodLook({ why: 'trial' }));
    }
    expect(judge.route(pinned).circuit.state).toBe('closed');
    expect([10, 25]).toContain(judge.route(pinned).advice.weight);
    judge.pass(75_000);
    expect(judge.route(pinned).advice.weight).toBeGreaterThanOrEqual(50);
    expect(judge.types('circuit.closed')).toHaveLength(1);
  });

  it('H2, H3: never opens for our key, credit or request, nor for a 429', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo')]);
    for (const status of [401, 402, 400, 429, 403]) {
      for (let i = 0; i < 4; i++) {
        judge.see(failedLook(status, { message: 'no' }));
        judge.pass(10_000);
      }
    }
    expect(judge.route(pinned).circuit.state).toBe('closed');
    expect(judge.types('circuit.')).toEqual([]);
  });

  it('says of a limited route that another is better', () => {
    const judge = newJudge();
    warm(judge, [pinned]);
    judge.see(failedLook(429, { provider: 'alpha' }));
    expect(judge.route(pinned)).toMatchObject({
      limited: true,
      advice: { action: 'prefer_not', weight: 50 },
    });
  });

  it('closes when nobody has looked: unknown means usable', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo')]);
    kill(judge, pinned);
    judge.pass(20 * 60_000);
    expect(judge.route(pinned)).toMatchObject({
      state: 'unknown',
      circuit: { state: 'closed' },
      advice: { action: 'use' },
    });
  });

  it('never empties the pool of a model', () => {
    const judge = newJudge();
    const targets = ['alpha', 'bravo', 'charlie', 'delta'].map((one) => other(one));
    warm(judge, targets);
    for (const target of targets) {
      kill(judge, target);
      judge.pass(1_000);
    }
    const actions = targets
      .map((target) => judge.route(target))
      .filter((one) => one.circuit.state === 'open')
      .map((one) => one.advice.action);
    expect(actions.filter((one) => one === 'avoid').length).toBeLessThanOrEqual(2);
    expect(actions).not.toContain('use');
    const alone = newJudge();
    warm(alone, [pinned]);
    kill(alone, pinned);
    expect(alone.route(pinned).advice).toEqual({ action: 'last_resort', weight: 1 });
  });

  it('stays as it is for thirty seconds', () => {
    const judge = newJudge();
    warm(judge, [pinned, other('bravo')]);
    kill(judge, pinned);
    judge.pass(5_000);
    judge.see(goodLook({ why: 'trial' }));
    expect(judge.route(pinned).circuit.state).toBe('open');
  });
});
