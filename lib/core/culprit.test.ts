import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { noTiming, type Observation } from './observation.ts';
import type { Scope } from './plan.ts';
import type { TargetRef } from './target.ts';

const quick = { timing: { ...noTiming, totalMs: 100 } };
const models = ['acme/swift-1', 'borea/lynx-2', 'cetus/whale-3'];
const route = (provider: string, model: number): TargetRef => ({
  gateway: 'openrouter',
  provider,
  model: models[model]!,
});
const directRoute = (provider: string): TargetRef => ({ gateway: 'direct', provider, model: 'swift-1' });
const fleet: TargetRef[] = [
  ...['alpha', 'bravo', 'charlie'].flatMap((provider) => [0, 1, 2].map((model) => route(provider, model))),
  route('delta', 0),
  route('any', 0),
  directRoute('alpha'),
];

type Fails = (target: TargetRef) => Partial<Observation> | null;

/** Rounds of one look per route, evenly over half a minute. */
function rounds(judge: Judge, count: number, fails: Fails = () => null): void {
  for (let i = 0; i < count; i++) {
    for (const target of fleet) {
      const wrong = fails(target);
      judge.see(wrong ? look({ target, ...quick, ...wrong }) : goodLook({ target, ...quick }));
      judge.pass(30_000 / fleet.length - 100);
    }
  }
}

const failed = (status: number, error = {}) => {
  const { error: facts, reached } = failedLook(status, error);
  return { status, error: facts, reached };
};

function blamed(
  fails: Fails,
  count = 5,
): { scope: Scope; confidence: string; candidates: Scope[]; reason: string }[] {
  const judge = newJudge();
  rounds(judge, 4);
  rounds(judge, count, fails);
  return judge.state.cases
    .filter((one) => one.incident.status === 'open')
    .map(({ incident: { scope, confidence, evidence, reason } }) => ({
      scope,
      confidence,
      candidates: evidence.candidates,
      reason,
    }));
}

describe('the culprit', () => {
  it('is the gateway when unrelated providers fail through it and direct routes do not', () => {
    const [one, ...more] = blamed((target) => (target.gateway === 'openrouter' ? failed(500) : null));
    expect(one).toMatchObject({
      scope: { kind: 'gateway', id: 'openrouter' },
      confidence: 'high',
      candidates: [],
    });
    expect(one!.reason).toContain('providers called directly are fine');
    expect(more).toEqual([]);
  });

  it('is the gateway even when it names a provider every time', () => {
    const [one] = blamed((target) =>
      target.gateway === 'openrouter' ? failed(502, { provider: target.provider }) : null,
    );
    expect(one!.scope).toEqual({ kind: 'gateway', id: 'openrouter' });
  });

  it('is the provider when its routes fail, directly too', () => {
    const [one] = blamed((target) =>
      target.provider === 'alpha' ? failed(503, { provider: 'Alpha' }) : null,
    );
    expect(one!.scope).toEqual({ kind: 'provider', id: 'alpha' });
  });

  it('is the provider through the gateway when its direct route works', () => {
    const [one] = blamed((target) =>
      target.provider === 'alpha' && target.gateway === 'openrouter'
        ? failed(502, { provider: 'Alpha' })
        : null,
    );
    expect(one!.scope).toEqual({ kind: 'provider', id: 'alpha', via: 'openrouter' });
    expect(one!.reason).toContain('called directly it works');
  });

  it('is nobody when three strays meet on three routes of one model', () => {
    const judge = newJudge();
    rounds(judge, 4);
    judge.state.noise.share = 0.004;
    for (const provider of ['alpha', 'bravo', 'charlie']) {
      judge.see(look({ target: route(provider, 1), ...quick, ...failed(502) }));
      for (const target of fleet) {
        judge.pass(900);
        if (target.model !== models[1]) judge.see(goodLook({ target, ...quick }));
      }
    }
    expect(judge.state.cases).toEqual([]);
  });

  it('is the direct route alone when the provider works through the gateway', () => {
    const [one] = blamed((target) => (target.gateway === 'direct' ? failed(500) : null));
    expect(one!.scope).toEqual({ kind: 'route', id: 'direct/alpha/swift-1' });
  });

  it('is the model when it fails on every provider', () => {
    const [one] = blamed((target) => (target.model === models[1] ? failed(502) : null));
    expect(one!.scope).toEqual({ kind: 'model', id: models[1] });
  });

  it('is the route when its provider and its model work elsewhere', () => {
    const [one] = blamed((target) =>
      target.provider === 'bravo' && target.model === models[2] ? failed(502, { provider: 'Bravo' }) : null,
    );
    expect(one!.scope).toEqual({ kind: 'route', id: `openrouter/bravo/${models[2]}` });
  });

  it('is the provider, at most medium sure, when only one route of it is watched', () => {
    const [one] = blamed((target) =>
      target.provider === 'delta' ? failed(503, { provider: 'Delta' }) : null,
    );
    expect(one!.scope).toEqual({ kind: 'provider', id: 'delta' });
    expect(['medium', 'low']).toContain(one!.confidence);
  });

  it('is both when two providers fail at once', () => {
    const all = blamed((target) =>
      target.provider === 'bravo' || target.provider === 'delta'
        ? failed(503, { provider: target.provider })
        : null,
    );
    expect(all.map((one) => one.scope.id).sort()).toEqual(['bravo', 'delta']);
  });

  it('H2: is our account when every keyed look is refused, for good', () => {
    const refused = blamed(
      (target) => (target.gateway === 'openrouter' ? failed(401, { message: 'User not found.' }) : null),
      6,
    );
    expect(refused.map((one) => one.scope)).toEqual([{ kind: 'account', id: 'openrouter' }]);
  });

  it('is the gateway when the same words are mixed with answers', () => {
    let i = 0;
    const mixed = blamed((target) => {
      i += 1;
      return target.gateway === 'openrouter' && i % 7 !== 0
        ? failed(401, { message: 'User not found.' })
        : null;
    }, 6);
    expect(mixed.map((one) => one.scope)).toEqual([{ kind: 'gateway', id: 'openrouter' }]);
  });

  it('is nobody for what we asked wrongly', () => {
    expect(blamed(() => failed(400, { message: 'bad parameter' }))).toEqual([]);
  });
});

describe('an incident', () => {
  it('that named a provider becomes the gateway’s as evidence grows, and stays one', () => {
    const judge = newJudge();
    rounds(judge, 4);
    rounds(judge, 3, (target) =>
      target.provider === 'alpha' && target.gateway === 'openrouter' ? failed(500) : null,
    );
    const [first] = judge.state.cases;
    rounds(judge, 4, (target) => (target.gateway === 'openrouter' ? failed(500) : null));
    const open = judge.state.cases.filter((one) => one.incident.status === 'open');
    expect(open.map((one) => one.incident.scope.kind)).toEqual(['gateway']);
    expect(open[0]!.incident.id).toBe(first!.incident.id);
    expect(judge.types('incident.opened')).toHaveLength(1);
  });

  // Seen red with nothing continued.
  it('V9: that comes back within a quarter of an hour goes on, and is called unstable when it does so again', () => {
    const judge = newJudge();
    const dead: Fails = (target) => (target.provider === 'delta' ? failed(503, { provider: 'Delta' }) : null);
    rounds(judge, 4);
    for (let i = 0; i < 4; i++) {
      rounds(judge, 6, dead);
      rounds(judge, 7);
    }
    expect(judge.types('incident.opened')).toHaveLength(1);
    expect(judge.state.cases).toHaveLength(1);
    expect(judge.state.cases[0]!.incident.isUnstable).toBe(true);
  });

  it('keeps its first bad look, its evidence and a line for everything that was said', () => {
    const judge = newJudge();
    rounds(judge, 4);
    const fromMs = judge.nowMs;
    rounds(judge, 4, (target) =>
      target.gateway === 'openrouter' ? failed(500, { message: 'Internal Server Error' }) : null,
    );
    rounds(judge, 6);
    const { incident } = judge.state.cases[0]!;
    expect(incident).toMatchObject({
      status: 'resolved',
      impact: 'major_outage',
      title: 'OpenRouter is down',
    });
    expect(incident.startedAtMs - fromMs).toBeLessThan(31_000);
    expect(incident.evidence).toMatchObject({ sample: { status: 500, message: 'Internal Server Error' } });
    expect(incident.evidence.working).toContain('direct/alpha/swift-1');
    expect(incident.affected).toContain('openrouter/alpha/acme/swift-1');
    expect(incident.timeline.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining(['opened', 'resolved']),
    );
    expect(incident.timeline.every((entry) => entry.by === 'machine' && entry.text.length > 10)).toBe(true);
  });

  it('does not begin in an earlier fault that is over', () => {
    const judge = newJudge();
    rounds(judge, 4);
    rounds(judge, 3, (target) => (target.provider === 'alpha' ? failed(503, { provider: 'Alpha' }) : null));
    rounds(judge, 2);
    expect(judge.state.cases[0]!.incident).toMatchObject({ status: 'resolved', scope: { id: 'alpha' } });
    const fromMs = judge.nowMs;
    rounds(judge, 3, (target) => (target.gateway === 'openrouter' ? failed(500) : null));
    const gateway = judge.state.cases.find(({ incident }) => incident.scope.kind === 'gateway');
    expect(gateway!.incident.startedAtMs).toBeGreaterThanOrEqual(fromMs);
  });
});
