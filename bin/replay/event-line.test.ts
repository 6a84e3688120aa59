import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { errorFacts, goodLook, look } from '#lib/testing/observations.ts';
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

it('says through which gateway alone a provider fails', () => {
  const judge = newJudge();
  const through = { gateway: 'openrouter', provider: 'alpha', model: 'acme/swift-1' };
  const directly = { gateway: 'direct', provider: 'alpha', model: 'swift-1' };
  const error = errorFacts({ code: '502', message: 'Provider returned error', provider: 'alpha' });
  for (let i = 0; i < 8; i++) {
    judge.see(goodLook({ target: directly }));
    judge.see(
      i < 4 ? goodLook({ target: through }) : look({ target: through, reached: 'done', status: 502, error }),
    );
    judge.pass(30_000);
  }
  const opened = judge.events.map(eventLine).find((line) => line?.type === 'incident.opened');
  expect(opened).toMatchObject({
    scope: { kind: 'provider', id: 'alpha', via: 'openrouter' },
    via: 'openrouter',
  });
});
