import { expect, test } from 'vitest';
import { documentedOutages } from './documented-outages.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

test('the three outages begin and end when their sources say', () => {
  expect(documentedOutages.map((o) => [o.id, iso(o.fromMs), iso(o.toMs)])).toEqual([
    ['openrouter-2025-08-28', '2025-08-28T09:40:00.000Z', '2025-08-28T10:29:00.000Z'],
    ['openrouter-2026-02-17', '2026-02-17T05:27:00.000Z', '2026-02-17T06:05:00.000Z'],
    ['openrouter-2026-02-19', '2026-02-19T07:36:00.000Z', '2026-02-19T08:11:00.000Z'],
  ]);
});

test('phases follow each other without a gap and end with the outage', () => {
  for (const outage of documentedOutages) {
    for (const [i, phase] of outage.phases.entries()) {
      expect(phase.toMs).toBeGreaterThan(phase.fromMs);
      if (i > 0) expect(phase.fromMs).toBe(outage.phases[i - 1]?.toMs);
    }
    expect(outage.phases.at(-1)?.toMs).toBe(outage.toMs);
    expect(outage.phases.find((p) => p.failureShare > 0)?.fromMs).toBe(outage.fromMs);
  }
});

test('the documented change from 500 to 401 is at its minute', () => {
  const turn = documentedOutages.slice(1).map((o) => iso(o.phases[2]?.fromMs ?? 0));
  expect(turn).toEqual(['2026-02-17T05:40:00.000Z', '2026-02-19T07:42:00.000Z']);
  expect(documentedOutages[1]?.phases.map((p) => p.error?.status ?? null)).toEqual([null, 500, 401]);
});

test('exact lengths match their times, and what is inferred is not called exact', () => {
  for (const o of documentedOutages) {
    if (o.isExact) expect((o.toMs - o.fromMs) / 60_000).toBe(o.minutes);
    if (o.mark === 'inferred') expect(o.isExact).toBe(false);
    if (o.mark === 'confirmed') expect(o.sources.some((s) => s.kind === 'official')).toBe(true);
  }
});

test('events of a timeline are in order', () => {
  for (const o of documentedOutages) {
    const times = o.events.map((e) => e.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
});
