import { describe, expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, pinned } from '#lib/testing/observations.ts';
import { noTiming } from './observation.ts';
import type { TargetRef } from './target.ts';
import { targetKey } from './target.ts';

const bravo: TargetRef = { gateway: 'openrouter', provider: 'bravo', model: 'acme/swift-1' };

const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;

describe('what the core asks for', () => {
  it('is two confirmations of a first failure, and no third', () => {
    const judge = newJudge();
    judge.see(goodLook());
    for (const why of ['slot', 'confirm', 'confirm'] as const) {
      judge.see(failedLook(500, {}, { why }));
      judge.pass(2_000);
    }
    const own = judge.asks.filter(
      (ask) => ask.targetKey === targetKey('completion', pinned) && ask.why === 'confirm',
    );
    expect(own).toHaveLength(2);
    expect(own[0]!.notBeforeMs).toBeGreaterThan(judge.state.nowMs - 60_000);
  });

  it('is as many of a route whose cause others have shown, as long as its own circuit is closed', () => {
    const judge = newJudge();
    const charlie: TargetRef = { ...bravo, provider: 'charlie' };
    const sibling: TargetRef = { ...pinned, model: 'acme/swift-2' };
    for (let i = 0; i < 4; i++) {
      for (const target of [pinned, sibling, bravo, charlie]) judge.see(goodLook({ target }));
      judge.pass(28_000);
    }
    for (const why of ['slot', 'confirm', 'confirm'] as const) {
      judge.see(failedLook(503, { provider: 'alpha' }, { target: sibling, why }));
      if (why === 'confirm') judge.see(failedLook(503, { provider: 'alpha' }, { why: 'neighbour' }));
      judge.see(goodLook({ ...control, output: null }));
      judge.pass(2_000);
    }
    expect(judge.types('incident.opened')).toHaveLength(1);
    judge.asks.length = 0;
    judge.see(failedLook(503, { provider: 'alpha' }, { why: 'confirm' }));
    const own = judge.asks.filter((ask) => ask.targetKey === targetKey('completion', pinned));
    expect(own.map((ask) => ask.why)).toContain('confirm');
  });

  it('is a confirmation two seconds after the failure began, but never at once', () => {
    for (const [totalMs, soonestMs] of [
      [30, 1_970],
      [900, 1_100],
      [9_000, 1_000],
    ] as const) {
      const judge = newJudge();
      judge.see(goodLook());
      judge.see(failedLook(500, {}, { timing: { ...noTiming, totalMs } }));
      const confirm = judge.asks.find((ask) => ask.why === 'confirm' && ask.targetKey.includes('alpha'));
      expect(confirm!.notBeforeMs - judge.nowMs).toBe(soonestMs);
    }
  });

  it('is the neighbours once a confirmation fails too', () => {
    const judge = newJudge();
    judge.see(goodLook({ target: bravo }));
    judge.see(failedLook(500));
    expect(judge.asks.filter((ask) => ask.why === 'neighbour')).toEqual([]);
    judge.pass(2_000);
    judge.see(failedLook(500, {}, { why: 'confirm' }));
    expect(judge.asks.filter((ask) => ask.why === 'neighbour').map((ask) => ask.targetKey)).toEqual([
      targetKey('completion', bravo),
    ]);
  });

  it('is a look every ten seconds while an incident is open, and not for ever', () => {
    const judge = newJudge();
    for (let i = 0; i < 4; i++) {
      judge.see(goodLook({ target: bravo }));
      judge.see(goodLook());
      judge.pass(28_000);
    }
    for (let i = 0; i < 5; i++) {
      judge.see(failedLook(503, { provider: 'Alpha' }));
      judge.see(goodLook({ target: bravo }));
      judge.pass(28_000);
    }
    expect(judge.types('incident.')).toContain('incident.opened');
    const faster = judge.asks.filter((ask) => ask.everyMs === 10_000);
    expect(faster.length).toBeGreaterThan(0);
    for (const ask of faster) expect(ask.untilMs! - ask.notBeforeMs).toBeLessThanOrEqual(120_000);
  });

  it('is nothing when all is well', () => {
    const judge = newJudge();
    for (let i = 0; i < 20; i++) {
      judge.see(goodLook());
      judge.pass(30_000);
    }
    expect(judge.asks).toEqual([]);
  });
});
