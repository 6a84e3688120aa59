import { describe, expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { errorFacts, goodLook, look } from '#lib/testing/observations.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { restore, setFleet } from './decide.ts';
import type { Observation } from './observation.ts';
import { addressOne } from './routing.ts';

const target = { gateway: null, provider: 'our-api', model: null };
const up = (more: Partial<Observation> = {}) =>
  look({ probe: 'http', target, reached: 'done', status: 200, ...more });
const broken = (more: Partial<Observation> = {}) =>
  up({ status: 503, error: errorFacts({ code: '503', message: 'answered 503' }), ...more });
const refused = () => up({ status: null, reached: 'resolved', fault: 'refused' });
const control = (more: Partial<Observation> = {}) =>
  up({ probe: 'control', target: { ...target, provider: 'quad9' }, ...more });

function stage() {
  const judge = newJudge();
  const notices = () => judge.events.filter(({ type }) => type === 'notice');
  const see = (o: Observation, waitMs = 3_000) => {
    judge.see(o);
    judge.pass(waitMs);
  };
  for (let i = 0; i < 3; i++) see(up());
  return { judge, notices, see };
}

describe('an address of one’s own', () => {
  it('is told to its owner when it is confirmed to be down, and once more when it is back', () => {
    const { judge, notices, see } = stage();
    see(broken());
    expect(judge.asks.map(({ why }) => why)).toContain('confirm');
    see(broken({ why: 'confirm' }));
    expect(notices()).toEqual([]);
    see(broken({ why: 'confirm' }));
    for (let i = 0; i < 5; i++) see(broken());
    expect(notices()).toMatchObject([
      { scope: { kind: 'http', id: 'our-api' }, isPublic: false, impact: 'major_outage', incidentId: null },
    ]);
    expect(notices()[0]?.sentence).toMatch(/^Your address our-api is down: 3 checks in a row failed in /);
    see(up());
    expect(notices()).toHaveLength(1);
    for (let i = 0; i < 5; i++) see(up());
    expect(notices().slice(1)).toMatchObject([{ impact: null, data: { what: 'back' } }]);
    expect(judge.state.cases).toEqual([]);
  });

  it('is no word lost when one look failed, or when it is our own connection', () => {
    const { notices, see } = stage();
    see(broken());
    see(up());
    for (let i = 0; i < 6; i++) {
      see(control({ status: null, reached: 'none', fault: 'unreachable' }), 500);
      see(refused());
    }
    expect(notices()).toEqual([]);
  });

  it('that refuses while others answer is down', () => {
    const { notices, see } = stage();
    for (let i = 0; i < 4; i++) {
      see(refused());
      see(control(), 500);
      see(goodLook(), 500);
    }
    expect(notices()).toHaveLength(1);
  });

  it('is not said again after a restart, nor during announced work', () => {
    const { judge, notices, see } = stage();
    const before = [0, 1, 2].map((i) => broken({ atMs: judge.nowMs + i * 3_000 }));
    restore(judge.state, { incidents: [], components: [], routes: [], guard: null, observations: before });
    judge.nowMs += 20_000;
    for (let i = 0; i < 4; i++) see(broken());
    expect(notices()).toEqual([]);
    const other = stage();
    const { nowMs } = other.judge;
    other.judge.state.maintenance = [
      { id: 'm', title: 'M', scope: ['http:our-api'], fromMs: nowMs - 1, toMs: nowMs + 600_000 },
    ];
    for (let i = 0; i < 5; i++) other.see(broken());
    expect(other.notices()).toEqual([]);
  });

  it('reaches operators who want incidents, and never a stranger', () => {
    const { judge, notices, see } = stage();
    for (let i = 0; i < 4; i++) see(broken());
    const receiver = (origin: 'operator' | 'public') => ({
      ...{ id: 'r', origin, channel: 'slack', settings: {}, scope: [], minImpact: null, kinds: ['incident'] },
      ...{ untilIncidentId: null, status: 'active' as const, isMutedUntilMs: null },
    });
    const context = { nowMs: judge.nowMs, incident: () => null };
    expect(addressOne(notices()[0]!, receiver('operator'), context).isSent).toBe(true);
    expect(addressOne(notices()[0]!, receiver('public'), context).isSent).toBe(false);
  });
});

describe('our own test target', () => {
  const canary = { gateway: null, provider: 'canary', model: null };
  const watched = watchedTarget('canary', canary, {
    baseUrl: 'http://127.0.0.1:1/',
    options: { tell: ['op_canary'] },
  });
  const down = () => broken({ probe: 'canary', target: canary });

  function stageCanary(isWatched = true) {
    const judge = newJudge();
    if (isWatched) setFleet(judge.state, { watched: [watched], chains: [] });
    for (let i = 0; i < 4; i++) {
      judge.see(down());
      judge.pass(3_000);
    }
    return judge;
  }

  it('is told to its own receiver only, as a test and not as an outage, also during announced work', () => {
    const judge = newJudge();
    setFleet(judge.state, { watched: [watched], chains: [] });
    judge.state.maintenance = [
      { id: 'm', title: 'M', scope: [], fromMs: judge.nowMs - 1, toMs: judge.nowMs + 600_000 },
    ];
    for (let i = 0; i < 4; i++) {
      judge.see(down());
      judge.pass(3_000);
    }
    expect(judge.events).toMatchObject([
      {
        type: 'notice',
        scope: { kind: 'prober', id: 'canary' },
        impact: null,
        isPublic: false,
        data: { what: 'down', receivers: ['op_canary'] },
      },
    ]);
    expect(judge.events[0]?.sentence).toMatch(
      /^Only a test: our own test target is down: 3 checks in a row failed/,
    );
  });

  it('is no component, no incident, and no proof that the line to others is sound', () => {
    const { state } = stageCanary();
    expect([[...state.components.keys()], state.cases]).toEqual([['prober:local'], []]);
    expect(state.vantages.get('local')?.hosts.size).toBe(0);
  });

  it('that somebody else reports of is nobody’s', () => {
    expect(stageCanary(false).events).toEqual([]);
  });
});
