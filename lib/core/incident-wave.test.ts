import { expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook } from '#lib/testing/observations.ts';
import { incidentSentence } from './sentence.ts';
import type { TargetRef } from './target.ts';

const routes: TargetRef[] = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot'].map((provider) => ({
  gateway: 'openrouter',
  provider,
  model: 'acme/swift-1',
}));
const seldom = routes[5] as TargetRef;
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;

/** So many rounds of the often checked routes, ten seconds apart. */
function rounds(judge: Judge, n: number, isUp: boolean): void {
  for (let i = 0; i < n; i++) {
    for (const target of routes.slice(0, 5))
      judge.see(isUp ? goodLook({ target }) : failedLook(500, {}, { target }));
    judge.see(goodLook({ ...control, output: null }));
    judge.pass(10_000);
  }
}

/** Down, well, down, well, down: an incident that comes and goes. */
function flapping(): Judge {
  const judge = newJudge();
  judge.see(goodLook({ target: seldom }));
  rounds(judge, 12, true);
  for (let wave = 0; wave < 2; wave++) {
    rounds(judge, 4, false);
    rounds(judge, 12, true);
  }
  return judge;
}

// Seen red with a share that counts from the beginning of the incident: "10 of 70 checks failed", in part.
it('a fault that comes back is as bad as it is now, whatever worked between', () => {
  const judge = flapping();
  const [one] = judge.state.cases;
  rounds(judge, 3, false);
  expect(judge.state.cases).toHaveLength(1);
  expect(one?.incident).toMatchObject({ status: 'open', isUnstable: true, impact: 'major_outage' });
  expect(one?.incident.reason).toMatch(/^(\d+) of \1 checks failed/);
});

// Seen red without the word of what has worked since: the first line went on quoting failures of long ago.
it('while it comes and goes and is well just now, the sentence says since when, and no old numbers', () => {
  const judge = flapping();
  rounds(judge, 2, false);
  const [one] = judge.state.cases;
  expect(incidentSentence(one!.incident, judge.nowMs)).toContain('coming and going');
  rounds(judge, 9, true);
  expect(one!.incident.status).toBe('open');
  expect(judge.nowMs - (one!.incident.evidence.quietSinceMs ?? 0)).toBeLessThan(150_000);
  expect(incidentSentence(one!.incident, judge.nowMs)).toMatch(
    /^OpenRouter comes and goes since \d\d:\d\d UTC: it has worked since \d\d:\d\d UTC/,
  );
  rounds(judge, 1, false);
  expect(one!.incident.evidence.quietSinceMs ?? null).toBeNull();
});

// Seen red with the failures of a fault that is over left in: down, and its provider not well, until somebody looked again.
it('what failed once in a fault that is told and over says nothing of a route that is seldom checked', () => {
  const judge = newJudge();
  judge.see(goodLook({ target: seldom }));
  for (const track of judge.state.tracks.values()) if (track.provider === 'foxtrot') track.everyMs = 900_000;
  rounds(judge, 12, true);
  for (let i = 0; i < 3; i++) judge.see(failedLook(500, {}, { target: seldom }));
  rounds(judge, 4, false);
  rounds(judge, 12, true);
  expect(judge.types('incident.resolved')).toHaveLength(1);
  expect(judge.route(seldom)).toMatchObject({ verdict: 'operational' });
  expect(judge.state.components.get('provider:foxtrot')?.verdict).toBe('operational');
});
