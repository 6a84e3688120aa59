import { describe, expect, it } from 'vitest';
import { sayDuration, sayInstant, sayInstantTwice, saySpan, saySpanTwice } from './message-time.ts';

const noon = Date.UTC(2026, 10, 20, 12, 1, 30);

describe('times in messages', () => {
  it('are UTC first, with the local time beside it', () => {
    expect(sayInstantTwice(noon, 'Europe/Berlin', noon)).toBe('12:01 UTC (13:01 Europe/Berlin)');
    expect(sayInstantTwice(noon, 'UTC', noon)).toBe('12:01 UTC');
  });

  it('name the date when it was another day, in each zone for itself', () => {
    expect(sayInstant(noon, 'UTC', noon + 86_400_000)).toBe('2026-11-20 12:01 UTC');
    const late = Date.UTC(2026, 10, 20, 23, 30);
    expect(sayInstantTwice(late, 'Asia/Tokyo', late + 3_600_000)).toBe(
      '2026-11-20 23:30 UTC (08:30 Asia/Tokyo)',
    );
  });

  it('fall back to UTC for a zone nobody knows', () => {
    expect(sayInstantTwice(noon, 'Mars/Base', noon)).toBe('12:01 UTC');
  });

  it('say a span once, with both dates when it crosses midnight', () => {
    expect(saySpan(noon, noon + 480_000, noon)).toBe('12:01–12:09 UTC');
    expect(saySpan(noon, noon + 13 * 3_600_000, noon)).toBe('12:01–2026-11-21 01:01 UTC');
  });

  it('say seconds when minutes would not tell the ends apart, and the local span beside it', () => {
    expect(saySpan(noon, noon + 27_000, noon)).toBe('12:01:30–12:01:57 UTC');
    expect(saySpanTwice(noon, noon + 480_000, 'Europe/Berlin', noon)).toBe(
      '12:01–12:09 UTC (13:01–13:09 Europe/Berlin)',
    );
  });

  it.each([
    [0, '0 s'],
    [45_400, '45 s'],
    [125_000, '2 min 5 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000, '1 h'],
    [90_000_000, '1 d 1 h'],
    [86_400_000 + 59_000, '1 d'],
  ])('%i ms is "%s"', (ms, text) => expect(sayDuration(ms)).toBe(text));
});
