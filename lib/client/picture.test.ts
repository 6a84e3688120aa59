import { describe, expect, test } from 'vitest';
import { decision, pictured, snapshot } from '../testing/fake-feed.ts';
import type { Freshness } from './index.ts';
import { Picture } from './picture.ts';

describe('staleness', () => {
  test('V8: a feed goes from fresh to stale to expired, and expired it has no opinion', () => {
    const { picture, clock } = pictured([decision('a', 'avoid')]);
    const seen: [Freshness, string][] = [];
    for (const addMs of [0, 100_000, 130_000, 300_000]) {
      clock.ms += addMs;
      seen.push([picture.freshness(), picture.standing('a').is]);
    }
    expect(seen).toEqual([
      ['fresh', 'out'],
      ['stale', 'out'],
      ['stale', 'trial'],
      ['expired', 'in'],
    ]);
  });

  test('while the feed is blind nothing new opens, and what closes may close', () => {
    const { picture } = pictured([decision('a', 'avoid'), decision('b')]);
    picture.take(snapshot([decision('a'), decision('b', 'avoid')], { seq: 11, self: { status: 'blind' } }));
    expect(picture.freshness()).toBe('stale');
    expect(picture.standing('b').is).toBe('in');
  });

  test('V8: old news and news from the future are dropped, another epoch is taken', () => {
    const { picture } = pictured([decision('a', 'avoid')]);
    expect(picture.take(snapshot([decision('a')], { seq: 9 }))).toBe(false);
    expect(picture.change('E', 10, decision('a'))).toBe(false);
    expect(
      picture.take(
        snapshot([decision('a')], { seq: 12, generated_at: new Date(Date.now() + 600_000).toISOString() }),
      ),
    ).toBe(false);
    expect(picture.standing('a').is).toBe('out');
    expect(picture.take(snapshot([decision('a')], { epoch: 'F', seq: 1 }))).toBe(true);
  });

  test.each([-600_000, 600_000])('C8: a clock that is %i ms off decides the same', (offMs) => {
    const picture = new Picture(
      () => 5_000,
      () => 0.5,
    );
    const nowMs = Date.now() + offMs;
    picture.setServerTime(new Date(nowMs).toUTCString(), null);
    const times = {
      generated_at: new Date(nowMs).toISOString(),
      valid_until: new Date(nowMs + 90_000).toISOString(),
    };
    expect(picture.take(snapshot([decision('a', 'avoid')], times))).toBe(true);
    expect(picture.freshness()).toBe('fresh');
    expect(picture.standing('a').is).toBe('out');
  });

  test('a target that closes comes back after a moment of its own, and not at once with all', () => {
    const { picture, clock } = pictured([decision('a', 'avoid')]);
    picture.change('E', 11, decision('a'));
    expect(picture.standing('a').is).toBe('out');
    clock.ms += 5_001;
    expect(picture.standing('a')).toEqual({ is: 'in', weight: 10 });
    clock.ms += 60_000;
    expect(picture.standing('a')).toEqual({ is: 'in', weight: 100 });
  });

  test('values nobody knows read as usable', () => {
    const { picture } = pictured([
      {
        ...decision('a'),
        circuit: { state: 'ajar', retry_at: null },
        advice: { action: 'dance', weight: 100 },
      },
    ]);
    expect(picture.standing('a').is).toBe('in');
  });
});
