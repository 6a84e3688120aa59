import { describe, expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { goodLook, look } from '#lib/testing/observations.ts';
import { noTiming } from './observation.ts';

const spoiled = () => look({ fault: 'timeout', stallMs: 8_000, timing: { ...noTiming, totalMs: 9_000 } });

describe('looks spoiled by our own process', () => {
  it('are called by their name, from the opening to the end', () => {
    const judge = newJudge();
    judge.see(goodLook());
    for (let i = 0; i < 6; i++) judge.see(spoiled());
    const [one] = judge.state.cases;
    expect(one?.incident).toMatchObject({
      scope: { kind: 'prober', id: 'local' },
      title: 'Our own process is overloaded, checked from local',
      isPublic: false,
    });
    judge.pass(61_000);
    judge.see(goodLook());
    const sentences = judge.events.map(({ sentence }) => sentence);
    expect(sentences.at(-1)).toMatch(/^Our own process works again after/);
    expect(sentences.join()).not.toContain('connection');
  });

  it('are not those of a page of somebody else that cannot be read', () => {
    const judge = newJudge();
    judge.see(goodLook());
    const page = { gateway: 'openrouter', provider: null, model: null };
    for (let i = 0; i < 8; i++) {
      judge.see(look({ probe: 'official', target: page, reached: 'sent', fault: 'timeout' }));
      judge.pass(10_000);
    }
    expect(judge.state.cases).toEqual([]);
  });
});
