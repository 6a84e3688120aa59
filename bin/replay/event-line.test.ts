import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { errorFacts, look } from '#lib/testing/observations.ts';
import { eventLine } from './event-line.ts';

it('keeps what concerns only the owner’s own addresses out of the recording’s verdicts', () => {
  const judge = newJudge();
  const target = { gateway: null, provider: 'our-api', model: null };
  const error = errorFacts({ code: '503', message: 'answered 503' });
  for (let i = 0; i < 4; i++) {
    judge.see(look({ probe: 'http', target, reached: 'done', status: 503, error }));
    judge.pass(3_000);
  }
  expect(judge.types('notice')).toHaveLength(1);
  expect(judge.events.map(eventLine).filter(Boolean)).toEqual([]);
});
