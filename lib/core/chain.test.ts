import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { direct, failedLook, goodLook, pinned, unpinned } from '#lib/testing/observations.ts';

const steps = [pinned, unpinned, direct];
const chain = { id: 'chat', steps };

it('says on which step a chain is and how many steps share nothing', () => {
  const judge = newJudge([chain]);
  for (let i = 0; i < 3; i++) {
    for (const target of steps) judge.see(goodLook({ target }));
    judge.pass(20_000);
  }
  const state = () => judge.state.components.get('chain:chat');
  expect(state()).toMatchObject({ verdict: 'operational', chain: { step: 0, usable: 3 } });
  for (const why of ['slot', 'confirm', 'confirm'] as const) {
    judge.see(failedLook(503, { provider: 'Alpha' }, { why }));
    judge.pass(3_000);
    judge.see(goodLook({ target: direct }));
  }
  expect(state()).toMatchObject({ verdict: 'degraded', chain: { step: 1, usable: 2, independent: 2 } });
  const [changed] = judge.events.filter((event) => event.type === 'chain.changed');
  expect(changed).toMatchObject({
    sentence: 'Chain chat is on step 2, 2 steps left.',
    data: { from: 0, to: 1 },
  });
});

it('says when nothing is left', () => {
  const judge = newJudge([{ id: 'one', steps: [pinned] }]);
  judge.see(goodLook({ target: direct }));
  for (let i = 0; i < 3; i++) judge.see(goodLook());
  for (const why of ['slot', 'confirm', 'confirm'] as const) {
    judge.see(failedLook(503, { provider: 'Alpha' }, { why }));
    judge.pass(3_000);
  }
  expect(judge.state.components.get('chain:one')).toMatchObject({
    verdict: 'major_outage',
    chain: { step: null, usable: 0 },
  });
  expect(judge.events.find((event) => event.type === 'chain.changed')?.impact).toBe('major_outage');
});
