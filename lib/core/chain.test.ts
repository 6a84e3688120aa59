import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { direct, failedLook, goodLook, pinned, unpinned } from '#lib/testing/observations.ts';
import { refreshChains } from './chain.ts';
import { newDraft } from './draft.ts';
import { targetId } from './target.ts';

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
  judge.pass(4_000);
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

/** Alpha is the chain’s second step here; the first is called directly. */
function onTwoSteps() {
  const judge = newJudge([{ id: 'chat', steps: [direct, pinned] }]);
  const told = () =>
    judge.events
      .filter((event) => event.type === 'chain.changed')
      .map(({ sentence, impact, data }) => ({ sentence, impact, usable: data.usable }));
  const lookAt = (isGood: boolean) => {
    for (const why of ['slot', 'confirm', 'confirm'] as const) {
      judge.see(isGood ? goodLook() : failedLook(503, { provider: 'Alpha' }, { why }));
      judge.pass(2_000);
      judge.see(goodLook({ target: direct }));
    }
  };
  lookAt(true);
  return { judge, told, lookAt };
}

it('says that only the last step is left, though the step in use stays the same, and that there are more again', () => {
  const { judge, told, lookAt } = onTwoSteps();
  lookAt(false);
  judge.pass(5_000);
  expect(told()).toEqual([
    { sentence: 'Chain chat is on its first step, 1 step left.', impact: 'degraded', usable: 1 },
  ]);
  for (let i = 0; i < 40; i++) {
    lookAt(true);
    judge.pass(5_000);
  }
  expect(told().slice(1)).toEqual([
    { sentence: 'Chain chat is on its first step, 2 steps left.', impact: null, usable: 2 },
  ]);
});

it('says nothing of a step that is back within seconds, and nothing twice within ten', () => {
  const { judge } = onTwoSteps();
  const { state } = judge;
  const first = [...state.tracks.values()].find((one) => one.id === targetId(direct))?.route;
  const said = (isOut: boolean, laterMs: number) => {
    state.nowMs += laterMs;
    if (first) first.circuit.state = isOut ? 'open' : 'closed';
    const draft = newDraft();
    refreshChains(state, draft);
    return draft.events.map(({ data }) => data.to);
  };
  expect(said(true, 1_000)).toEqual([]);
  expect(state.components.get('chain:chat')).toMatchObject({ chain: { step: 1, usable: 1 } });
  expect(said(false, 2_000)).toEqual([]);
  expect(said(false, 60_000)).toEqual([]);
  expect(said(true, 1_000)).toEqual([]);
  expect(said(true, 3_000)).toEqual([1]);
  expect(said(false, 1_000)).toEqual([]);
  expect(said(false, 5_000)).toEqual([]);
  expect(said(false, 4_000)).toEqual([0]);
});
