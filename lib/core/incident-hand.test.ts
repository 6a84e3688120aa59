import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook } from '#lib/testing/observations.ts';
import { adoptIncident, createState, restore } from './decide.ts';
import type { Incident } from './plan.ts';
import { defaultPolicy } from './policy.ts';
import type { TargetRef } from './target.ts';

const all: TargetRef[] = ['alpha', 'bravo', 'charlie', 'delta'].map((provider) => ({
  gateway: 'openrouter',
  provider,
  model: `${provider}/${provider}-1`,
}));
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;

function warm(judge: Judge): void {
  for (let i = 0; i < 5; i++) {
    for (const target of all) judge.see(goodLook({ target }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(25_000);
  }
}

function round(judge: Judge, failing: readonly TargetRef[], why: 'slot' | 'confirm' = 'slot'): void {
  for (const target of all) {
    const isFailing = failing.includes(target);
    judge.see(
      isFailing ? failedLook(503, { provider: target.provider }, { target, why }) : goodLook({ target, why }),
    );
  }
  judge.see(goodLook({ ...control, output: null }));
}

function fail(judge: Judge, failing: readonly TargetRef[], rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    round(judge, failing, i === 0 ? 'slot' : 'confirm');
    judge.pass(3_000);
  }
}

const open = (judge: Judge) => judge.state.cases.filter((one) => one.incident.status === 'open');
const openedOf = (judge: Judge) => judge.types('incident.opened').length;

describe('what a person merged', () => {
  function merged(): { judge: Judge; whole: Incident; part: Incident } {
    const judge = newJudge();
    warm(judge);
    fail(judge, [all[0]!], 4);
    const whole = structuredClone(open(judge)[0]!.incident);
    // A second fault much later, so that it is one of its own.
    for (let i = 0; i < 16; i++) {
      round(judge, [all[0]!]);
      judge.pass(25_000);
    }
    fail(judge, [all[0]!, all[1]!], 4);
    const part = structuredClone(open(judge).find((one) => one.incident.id !== whole.id)!.incident);
    adoptIncident(judge.state, { ...whole, absorbed: [part.scope], pinned: ['scope'] });
    const at = { status: 'resolved' as const, resolvedAtMs: judge.nowMs, mergedInto: whole.id };
    adoptIncident(judge.state, { ...part, ...at });
    return { judge, whole, part };
  }

  it('is told in the whole: its failures open nothing of their own', () => {
    const { judge, whole } = merged();
    const before = openedOf(judge);
    fail(judge, [all[0]!, all[1]!], 12);
    expect(openedOf(judge)).toBe(before);
    expect(open(judge).map((one) => one.incident.id)).toEqual([whole.id]);
  });

  it('is over with the whole, and not before the part works too', () => {
    const { judge } = merged();
    for (let i = 0; i < 8; i++) {
      round(judge, [all[1]!]);
      judge.pass(10_000);
    }
    expect(open(judge)).toHaveLength(1);
    for (let i = 0; i < 40; i++) {
      round(judge, []);
      judge.pass(20_000);
    }
    expect(open(judge)).toEqual([]);
  });
});

describe('what a person split off', () => {
  it('is followed by itself, and the rest goes on without it', () => {
    const judge = newJudge();
    warm(judge);
    fail(judge, all, 4);
    const whole = structuredClone(open(judge)[0]!.incident);
    expect(whole.scope.kind).toBe('gateway');
    const scope = { kind: 'provider', id: 'alpha' } as const;
    adoptIncident(judge.state, { ...whole, released: [scope], pinned: ['scope'] });
    adoptIncident(judge.state, { ...whole, id: 'split-1', scope, splitFrom: whole.id, pinned: ['scope'] });
    const [first, second] = open(judge);
    expect([...first!.members].some((track) => track.provider === 'alpha')).toBe(false);
    expect([...second!.members].every((track) => track.provider === 'alpha')).toBe(true);
    for (let i = 0; i < 12; i++) {
      round(judge, [all[0]!]);
      judge.pass(10_000);
    }
    expect(open(judge).map((one) => one.incident.id)).toEqual(['split-1']);
  });
});

describe('what a person opened without a look behind it', () => {
  it('is not closed by the machine after a restart', () => {
    const byHand: Incident = {
      ...structuredClone(openedByMachine()),
      id: 'hand-1',
      timeline: [{ atMs: 0, kind: 'opened', text: 'we see trouble', by: 'Ada' }],
    };
    byHand.evidence = { ...byHand.evidence, failed: 0, total: 0 };
    const state = createState(defaultPolicy, { watched: [], chains: [] });
    restore(state, { incidents: [byHand], components: [], routes: [], guard: null, observations: [] });
    expect(state.cases).toEqual([]);
  });

  function openedByMachine(): Incident {
    const judge = newJudge();
    warm(judge);
    fail(judge, all, 4);
    return open(judge)[0]!.incident;
  }
});
