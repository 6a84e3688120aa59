import { describe, expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, pinned } from '#lib/testing/observations.ts';

const other = { ...pinned, provider: 'bravo' };
const gone = (target = pinned) =>
  failedLook(404, { message: `No endpoints found for ${pinned.model}.` }, { target });

function looks(rounds: number, isOtherGone: boolean) {
  const judge = newJudge();
  for (let i = 0; i < 3; i++) {
    for (const target of [pinned, other]) judge.see(goodLook({ target }));
    judge.pass(30_000);
  }
  for (let i = 0; i < rounds; i++) {
    judge.see(gone());
    judge.see(isOtherGone ? gone(other) : goodLook({ target: other }));
    judge.pass(30_000);
  }
  return judge;
}

describe('a model that was withdrawn', () => {
  it('is told once, names the model, and is no incident', () => {
    const judge = looks(20, true);
    const told = judge.events.filter((event) => event.type === 'notice');
    expect(told.map((event) => event.scope)).toEqual([{ kind: 'model', id: pinned.model }]);
    expect(told[0]!.sentence).toMatch(/is no longer offered: \d of \d checks in .* were told so\.$/);
    expect(judge.types('incident.')).toEqual([]);
  });

  it('is only one route while another of the same model answers', () => {
    const told = looks(20, false).events.filter((event) => event.type === 'notice');
    expect(told.map((event) => event.scope?.kind)).toEqual(['route']);
  });

  it('is not believed after one or two answers', () => {
    expect(looks(1, true).types('notice')).toEqual([]);
  });
});
