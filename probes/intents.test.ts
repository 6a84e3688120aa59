import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import type { Observation } from '#lib/core/observation.ts';
import { carryOut } from './intents.ts';

const nowMs = Date.UTC(2026, 1, 17);

function stage() {
  const store = openMemoryStore({ nowMs: () => nowMs });
  const looked: string[] = [];
  const recorded: Observation[] = [];
  const pushed: string[] = [];
  const complaints: string[] = [];
  const ask = (kind: string, body: Record<string, unknown>, atMs = nowMs) => {
    store.people.ask({ id: `${kind}-${Math.random()}`, kind, body, by: 'admin', atMs });
    carryOut({
      store,
      nowMs: () => nowMs,
      lookNow: (keys) => void looked.push(...keys),
      poke: () => {},
      subscribe: () => {},
      record: (observations) => void recorded.push(...observations),
      push: (name) => void pushed.push(name),
      complain: (sentence) => void complaints.push(sentence),
    });
  };
  return { store, ask, looked, recorded, pushed, complaints };
}

describe('what people ask for', () => {
  it('is carried out once', () => {
    const s = stage();
    s.ask('look_now', { targetKeys: ['a', 7, 'b'] });
    s.ask('look_now', { targetKeys: ['c'] });
    expect(s.looked).toEqual(['a', 'b', 'c']);
  });

  it('is dropped with a sentence when nobody knows it, and never by a name every object has', () => {
    const s = stage();
    s.ask('toString', {});
    s.ask('dance', {});
    expect(s.complaints.length).toBe(2);
  });

  it('is forgotten when it is old', () => {
    const s = stage();
    s.ask('look_now', { targetKeys: ['a'] }, nowMs - 3_600_000);
    expect(s.looked).toEqual([]);
  });

  it('says what failed and goes on', () => {
    const s = stage();
    s.ask('test_message', { receiverId: 'nobody' });
    s.ask('look_now', { targetKeys: ['a'] });
    expect(s.complaints[0]).toMatch(/no such receiver/);
    expect(s.looked).toEqual(['a']);
  });

  it('takes looks of another vantage under the name its token has', () => {
    const s = stage();
    const line = {
      v: 1,
      at: '2026-02-17T00:00:00.000Z',
      vantage: 'somebody-else',
      probe: 'completion',
      target: { gateway: 'openrouter', provider: 'a', model: 'm' },
      reached: 'done',
    };
    s.ask('observations', { vantage: 'frankfurt', lines: [line, 'garbage', null] });
    expect(s.recorded.map((o) => o.vantage)).toEqual(['frankfurt']);
  });

  it('keeps a sign of life for after a restart', () => {
    const s = stage();
    s.ask('push', { name: 'job', isUp: true });
    expect(s.pushed).toEqual(['job']);
    expect(JSON.parse(s.store.upkeep.noted('push.job') ?? '')).toEqual({
      atMs: nowMs,
      isUp: true,
      text: null,
    });
  });
});
