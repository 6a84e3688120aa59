import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { setRules } from './decide.ts';
import { noTiming } from './observation.ts';
import { builtInRules } from './rule.ts';
import { burnOf } from './rule-figures.ts';
import type { Rule } from './state.ts';

const hourMs = 3_600_000;
const minute = { timing: { ...noTiming, firstTokenMs: 300, totalMs: 400 } };

function run(rule: Rule, minutes: number, of: (i: number) => ReturnType<typeof goodLook>): Judge {
  const judge = newJudge();
  setRules(judge.state, [rule]);
  for (let i = 0; i < minutes; i++) {
    judge.see(of(i));
    judge.pass(60_000);
  }
  return judge;
}

const said = (judge: Judge) =>
  judge.events
    .filter((event) => event.data.rule !== undefined)
    .map((event) => [event.type, event.data.isFiring, event.scope]);

describe('a rule', () => {
  const scope = { kind: 'provider', id: 'alpha' };
  const errors: Rule = {
    name: 'errors',
    when: 'error_share',
    scope: ['provider:alpha'],
    above: 0.1,
    over: hourMs,
  };

  it('speaks once when its figure passes the line, and once when it is back', () => {
    const judge = run(errors, 160, (i) =>
      i < 40 && i % 4 === 0 ? failedLook(500, {}, minute) : goodLook(minute),
    );
    expect(said(judge)).toEqual([
      ['notice', true, scope],
      ['notice', false, scope],
    ]);
    expect(judge.events.find((event) => event.data.isFiring)?.sentence).toMatch(
      /^\d+\.\d % of the checks of alpha failed in 60 min\.$/,
    );
  });

  it('says nothing of too few looks', () => {
    expect(said(run(errors, 10, () => failedLook(500, {}, minute)))).toEqual([]);
  });

  it('watches what is turned away', () => {
    const limited: Rule = { name: 'limited', when: 'limited_share', scope: [], above: 0.3, over: hourMs };
    const judge = run(limited, 40, (i) =>
      i % 2 === 0 ? failedLook(429, { provider: 'Alpha' }, minute) : goodLook(minute),
    );
    expect(said(judge)).toContainEqual(['notice', true, scope]);
  });

  it('watches the slow end of first words', () => {
    const slow: Rule = {
      name: 'slow',
      when: 'first_token_p95',
      scope: ['provider:alpha'],
      above: 2_000,
      over: hourMs,
    };
    const late = { timing: { ...noTiming, firstTokenMs: 3_000, totalMs: 3_200 } };
    expect(said(run(slow, 60, (i) => goodLook(i % 8 === 0 ? late : minute)))).toEqual([
      ['notice', true, scope],
    ]);
    expect(said(run(slow, 60, () => goodLook(minute)))).toEqual([]);
  });

  it('watches how fast an error budget burns, and one failure burns nothing', () => {
    const burn = builtInRules.find((rule) => rule.when === 'slo_burn')!;
    const fast = run(burn, 40, (i) => (i > 25 ? failedLook(500, {}, minute) : goodLook(minute)));
    expect(said(fast)).toContainEqual(['notice', true, scope]);
    expect(said(run(burn, 60, (i) => (i === 30 ? failedLook(500, {}, minute) : goodLook(minute))))).toEqual(
      [],
    );
  });

  // Seen red with the bare share: three failures in three hours used up a hundredth.
  it('does not call one failure an hour of a single route a budget that burns, but three an hour', () => {
    const burn = builtInRules.find((rule) => rule.when === 'slo_burn')!;
    const every = (gap: number) => (i: number) =>
      i % gap === 7 ? failedLook(500, {}, minute) : goodLook(minute);
    expect(said(run(burn, 720, every(60)))).toEqual([]);
    expect(said(run(burn, 240, every(20)))).toContainEqual(['notice', true, scope]);
  });

  // Seen red with the short window cut at its last full five minutes: nothing in the first two of them.
  it('looks back a whole five minutes, wherever they begin', () => {
    const burn: Rule = { name: 'b', when: 'slo_burn', scope: ['provider:alpha'], over: hourMs, slo: 0.99 };
    const judge = run(burn, 358, (i) =>
      i >= 337 && i < 357 ? failedLook(500, {}, minute) : goodLook(minute),
    );
    expect(judge.nowMs % 300_000).toBeLessThan(120_000);
    const unit = judge.state.units.get('provider:alpha')!;
    expect(burnOf(unit, judge.nowMs, 0.99)).toBeGreaterThan(14.4);
  });

  it('says nothing of a provider that a gateway’s incident has dragged down, unless it was asked to by name', () => {
    const providers = ['alpha', 'beta', 'gamma', 'delta'];
    const looks = (fails: boolean) =>
      providers.map((provider) => {
        const target = { gateway: 'openrouter', provider, model: 'meta/llama' };
        return fails ? failedLook(500, {}, { ...minute, target }) : goodLook({ ...minute, target });
      });
    const told = (rule: Rule, untilMinute = 50) => {
      const judge = newJudge();
      setRules(judge.state, [rule]);
      for (let i = 0; i < 60; i++) {
        for (const one of looks(i > 30 && i < untilMinute)) judge.see(one);
        judge.pass(60_000);
      }
      expect(judge.types('incident.opened')).toHaveLength(1);
      return said(judge).filter(([, , about]) => (about as { kind: string }).kind === 'provider');
    };
    const burn = builtInRules.find((rule) => rule.when === 'slo_burn')!;
    expect(told(burn)).toEqual([]);
    expect(told(burn, 34)).toEqual([]);
    expect(told({ ...burn, scope: ['provider:alpha'] })).toEqual([['notice', true, scope]]);
  });

  it('tells the operator, and only the operator, when credit runs out', () => {
    const credit = builtInRules.find((rule) => rule.when === 'credit_hours')!;
    const account = (usd: number) =>
      look({
        probe: 'account',
        target: { gateway: 'openrouter', provider: null, model: null },
        status: 200,
        account: { valid: true, limitRemainingUsd: usd, isFreeTier: false },
      });
    const judge = run(credit, 120, (i) => account(10 - i * 0.02));
    const [event] = judge.events.filter((one) => one.type === 'account.warning');
    expect(event).toMatchObject({ isPublic: false, scope: { kind: 'account', id: 'openrouter' } });
    expect(event!.sentence).toMatch(/^Our account with OpenRouter has credit for \d+\.\d hours more\.$/);
    expect(said(run(credit, 120, () => account(10)))).toEqual([]);
  });
});

describe('announced maintenance', () => {
  it('mutes what it covers: no incident, no open circuit, a verdict of its own', () => {
    const judge = newJudge();
    for (let i = 0; i < 6; i++) {
      judge.see(goodLook(minute));
      judge.pass(28_000);
    }
    const { nowMs } = judge;
    judge.state.maintenance = [
      { id: 'm', title: 'work', scope: ['provider:alpha'], fromMs: nowMs, toMs: nowMs + hourMs },
    ];
    for (let i = 0; i < 8; i++) {
      judge.see(failedLook(503, { provider: 'Alpha' }, minute));
      judge.pass(28_000);
    }
    expect(judge.types('incident.')).toEqual([]);
    expect(judge.types('circuit.')).toEqual([]);
    expect(judge.route(goodLook().target)).toMatchObject({ verdict: 'maintenance', state: 'maintenance' });
  });
});
