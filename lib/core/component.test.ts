import { expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { setFleet } from './decide.ts';
import { noTiming } from './observation.ts';
import { ownChecksFail } from './sentence-words.ts';
import type { TargetRef } from './target.ts';

const quick = { timing: { ...noTiming, totalMs: 100 } };
const providers = ['alpha', 'bravo', 'charlie', 'delta'];
const routes: TargetRef[] = providers.map((provider) => ({
  gateway: 'openrouter',
  provider,
  model: 'acme/swift-1',
}));
const direct: TargetRef = { gateway: 'direct', provider: 'alpha', model: 'swift-1' };

function rounds(judge: Judge, count: number, isDown: boolean): void {
  for (let i = 0; i < count; i++) {
    for (const target of routes) {
      judge.see(isDown ? failedLook(500, {}, { target, ...quick }) : goodLook({ target, ...quick }));
      judge.pass(5_000);
    }
    judge.see(goodLook({ target: direct, ...quick }));
    judge.pass(9_000);
  }
}

it('says of a provider seen only through a failing gateway that nothing is known, and of one seen directly that it works', () => {
  const judge = newJudge();
  rounds(judge, 4, false);
  expect(judge.state.components.get('gateway:openrouter')?.verdict).toBe('operational');
  rounds(judge, 4, true);
  judge.pass(31_000);
  const of = (key: string) => judge.state.components.get(key);
  expect(of('gateway:openrouter')).toMatchObject({ verdict: 'major_outage' });
  expect(of('provider:bravo')).toMatchObject({ verdict: 'unknown', affectedBy: 'gateway:openrouter' });
  expect(of('provider:bravo')?.reason).toBe('seen only through OpenRouter, which is at fault itself');
  expect(of('provider:alpha')).toMatchObject({ verdict: 'operational', affectedBy: null });
  expect(of('route:openrouter/bravo/acme/swift-1')).toMatchObject({
    verdict: 'major_outage',
    affectedBy: 'gateway:openrouter',
  });
});

it('says of a gateway that refuses our own purse that our checks fail, and never that it is at fault', () => {
  const judge = newJudge();
  rounds(judge, 3, false);
  const broke = { code: '402', message: 'Insufficient credits', body: 'json' as const };
  for (let i = 0; i < 3; i++)
    for (const target of routes) {
      judge.see(failedLook(402, broke, { target, ...quick }));
      judge.pass(3_000);
    }
  const of = (key: string) => judge.state.components.get(key);
  for (const key of ['gateway:openrouter', 'provider:bravo'])
    expect(of(key)).toMatchObject({ verdict: 'unknown', reason: ownChecksFail });
});

it('keeps what official pages say apart from what we see', () => {
  const judge = newJudge();
  rounds(judge, 2, false);
  const claim = {
    component: 'Chat',
    provider: null,
    model: null,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
  };
  const target = { gateway: 'openrouter', provider: null, model: null };
  judge.see(
    look({
      probe: 'official',
      target,
      status: 200,
      reached: 'done',
      claims: [{ ...claim, status: 'major_outage' }],
    }),
  );
  expect(judge.state.components.get('official:openrouter')?.verdict).toBe('major_outage');
  expect(judge.state.components.get('gateway:openrouter')?.verdict).toBe('operational');
  expect(judge.types('incident.')).toEqual([]);
});

it('knows of a provider that is looked at seldom as long as its routes do', () => {
  const judge = newJudge();
  const seldom: TargetRef = { gateway: 'openrouter', provider: 'echo', model: 'acme/swift-1' };
  const watched = [seldom, routes[0]!].map((target) =>
    watchedTarget('completion', target, {
      baseUrl: 'https://gateway.example',
      everyMs: target === seldom ? 900_000 : 60_000,
    }),
  );
  setFleet(judge.state, { watched, chains: [] });
  for (let quarter = 0; quarter < 3; quarter++) {
    judge.see(goodLook({ target: seldom, ...quick }));
    for (let minute = 0; minute < 15; minute++) {
      judge.see(goodLook({ target: routes[0]!, ...quick }));
      judge.pass(60_000);
    }
  }
  expect(judge.route(seldom).verdict).toBe('operational');
  expect(judge.state.components.get('provider:echo')).toMatchObject({ verdict: 'operational' });
});
