import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { errorFacts, failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { setRules } from './decide.ts';
import { noTiming, type Observation } from './observation.ts';
import { classify } from './outcome.ts';
import { classFacts } from './outcome-class.ts';
import { builtInRules } from './rule.ts';
import type { TargetRef } from './target.ts';

/** Faults that are seldom seen, told to the core one look after another. */

const quick = { timing: { ...noTiming, totalMs: 20 } };
const hourMs = 3_600_000;
const routes: TargetRef[] = Array.from({ length: 12 }, (_, i) => ({
  gateway: i % 3 === 0 ? 'direct' : `gate-${i % 3}`,
  provider: `p${i}`,
  model: `lab/m${i % 4}`,
}));
const controls = ['quad9', 'wikipedia', 'debian'].map(
  (provider) =>
    ({ probe: 'control', target: { gateway: null, provider, model: null }, keyed: false }) as const,
);
type Control = (typeof controls)[number];

interface Round {
  route?: (target: TargetRef, i: number) => Observation;
  control?: (one: Control, i: number) => Partial<Observation>;
}

function rounds(judge: Judge, count: number, gapMs: number, { route, control }: Round = {}): void {
  for (let n = 0; n < count; n++) {
    for (const [i, one] of controls.entries())
      judge.see(look({ ...one, status: 200, reached: 'done', ...quick, ...control?.(one, i) }));
    for (const [i, target] of routes.entries())
      judge.see(route?.(target, i) ?? goodLook({ target, ...quick }));
    judge.pass(gapMs);
  }
}

const noName = { reached: 'none', fault: 'dns', status: null } as const;
const noWay = { reached: 'resolved', fault: 'unreachable', status: null } as const;
const publicEvents = (judge: Judge) =>
  judge.events.filter((event) => event.isPublic && /^(incident|circuit)\./.test(event.type));

describe('V4: a part of our own connection', () => {
  // Seen red with a dark connection never noticed.
  it('names that are not found, with one reference site known by its number, accuse nobody', () => {
    const judge = newJudge();
    rounds(judge, 3, 20_000);
    rounds(judge, 5, 8_000, {
      route: (target) => look({ target, ...noName, ...quick }),
      control: (_one, i) => (i === 0 ? {} : noName),
    });
    expect(publicEvents(judge)).toEqual([]);
    expect(judge.state.guard).toMatchObject({ state: 'suppressed', self: 'blind' });
  });

  it('one address family that leads nowhere, seen on a few, is those few and never everybody', () => {
    const judge = newJudge();
    rounds(judge, 3, 20_000);
    rounds(judge, 6, 10_000, {
      route: (target, i) =>
        i < 2 ? look({ target, ...noWay, family: 6, ...quick }) : goodLook({ target, ...quick }),
    });
    const blamed = judge.events.filter((event) => event.type === 'incident.opened');
    expect(blamed.every((event) => event.scope?.kind === 'provider' || event.scope?.kind === 'route')).toBe(
      true,
    );
    expect(judge.state.guard.self).toBe('ok');
  });
});

// Seen red with a dark connection never noticed.
it('V6: a connection that is back after twenty minutes storms nobody, and the owner hears of it once', () => {
  const judge = newJudge();
  rounds(judge, 3, 20_000);
  rounds(judge, 40, 30_000, {
    route: (target) => look({ target, ...noWay, ...quick }),
    control: () => noWay,
  });
  rounds(judge, 6, 20_000);
  expect(publicEvents(judge)).toEqual([]);
  const own = judge.events.filter((event) => event.type.startsWith('incident.'));
  expect(own.map((event) => [event.type, event.scope?.kind])).toEqual([
    ['incident.opened', 'prober'],
    ['incident.resolved', 'prober'],
  ]);
  for (const target of routes) expect(judge.route(target).verdict).toBe('operational');
});

describe('VB: an error budget', () => {
  const burn = builtInRules.find((rule) => rule.when === 'slo_burn')!;
  const few = routes.filter(({ gateway }) => gateway === 'gate-1');
  /** Four routes, each looked at once a minute for four hours; which of these looks fail? */
  const run = (isBad: (minuteNo: number, route: number) => boolean) => {
    const judge = newJudge();
    setRules(judge.state, [burn]);
    for (let i = 0; i < 240; i++) {
      for (const [n, target] of few.entries())
        judge.see(isBad(i, n) ? failedLook(500, {}, { target, ...quick }) : goodLook({ target, ...quick }));
      judge.pass(60_000);
    }
    return judge.events.filter((event) => event.data.rule === burn.name && event.data.isFiring === true);
  };

  // Seen red with one failure in a window enough to speak.
  it('is not used up by one failure an hour, is by three an hour of one provider, and faster by one check in ten', () => {
    expect(run((i, n) => i % 60 === 30 && n === Math.floor(i / 60))).toEqual([]);
    const slowly = run((i, n) => i % 20 === 5 && n === 0);
    expect(slowly.map((event) => event.scope?.kind)).toContain('provider');
    expect(run((i) => i % 10 === 5).map((event) => event.scope?.kind)).toContain('gateway');
  });
});

describe('P6: an official page that contradicts us', () => {
  const claims = (status: 'operational' | 'major_outage') =>
    look({
      probe: 'official',
      target: { gateway: 'gate-1', provider: null, model: null },
      status: 200,
      reached: 'done',
      claims: [
        {
          component: 'API',
          provider: null,
          model: null,
          status,
          uptime5m: null,
          uptime30m: null,
          uptime1d: null,
        },
      ],
    });

  it('that says all is well is shown beside our finding and changes nothing of it', () => {
    const judge = newJudge();
    rounds(judge, 3, 20_000);
    for (let n = 0; n < 6; n++) {
      judge.see(claims('operational'));
      rounds(judge, 1, 10_000, {
        route: (target) =>
          target.gateway === 'gate-1'
            ? failedLook(500, {}, { target, ...quick })
            : goodLook({ target, ...quick }),
      });
    }
    expect(judge.state.components.get('official:gate-1')?.verdict).toBe('operational');
    expect(judge.events.some((e) => e.type === 'incident.opened' && e.scope?.id === 'gate-1')).toBe(true);
    expect(judge.types('incident.resolved')).toEqual([]);
  });

  it('that says all is lost opens nothing by itself', () => {
    const judge = newJudge();
    for (let n = 0; n < 8; n++) {
      judge.see(claims('major_outage'));
      rounds(judge, 1, 20_000);
    }
    expect(judge.state.components.get('official:gate-1')?.verdict).toBe('major_outage');
    expect(judge.types('incident.')).toEqual([]);
  });
});

it.each([500, 502, 503, 504, 520, 529])(
  'H1: %i is bad, is not our fault, and is a 5xx for readers',
  (status) => {
    const outcome = classify(failedLook(status, { message: 'x' }));
    expect(outcome).toMatchObject({ weight: 'bad' });
    expect(['gateway', 'provider', 'unknown']).toContain(outcome.blame);
    expect(classFacts[outcome.class].feed).toMatch(/^http_5xx$|^timeout_total$/);
  },
);

it('T2: a certificate that comes to its end is told once when the days its owner set are reached, once when renewed', () => {
  const judge = newJudge();
  const target = { gateway: null, provider: 'our-api', model: null };
  const address = (daysLeft: number) =>
    look({
      probe: 'http',
      target,
      status: 200,
      reached: 'done',
      ...quick,
      error:
        daysLeft < 14
          ? errorFacts({ code: 'certificate', message: `the certificate ends in ${daysLeft} days` })
          : null,
    });
  const notices = () => judge.events.filter((event) => event.type === 'notice');
  for (let hour = 0; hour < 14 * 24; hour++) {
    judge.see(address(16 - Math.floor(hour / 24)));
    judge.see(look({ ...controls[0]!, status: 200, reached: 'done', ...quick }));
    judge.nowMs += hourMs;
  }
  expect(notices()).toHaveLength(1);
  expect(notices()[0]).toMatchObject({ isPublic: false, scope: { kind: 'http', id: 'our-api' } });
  expect(notices()[0]?.reason ?? '').toContain('certificate');
  for (let i = 0; i < 5; i++) {
    judge.see(address(90));
    judge.pass(10_000);
  }
  expect(notices()).toHaveLength(2);
});
