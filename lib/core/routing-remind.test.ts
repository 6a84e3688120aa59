import { describe, expect, it } from 'vitest';
import type { Incident } from './plan.ts';
import type { Addressee } from './routing.ts';
import { remindersDue } from './routing-remind.ts';

const openedAtMs = Date.UTC(2026, 10, 20, 12);
const incident = {
  id: 'i1',
  scope: { kind: 'gateway', id: 'openrouter' },
  impact: 'partial_outage',
  status: 'open',
  openedAtMs,
  startedAtMs: openedAtMs - 60_000,
  resolvedAtMs: null,
  acknowledgedBy: null,
  isUnstable: false,
  title: 'OpenRouter fails in part',
  reason: '9 of 41 checks failed',
} as unknown as Incident;
const receiver = (change: Partial<Addressee> = {}) =>
  ({
    id: 'op_a',
    status: 'active',
    isMutedUntilMs: null,
    settings: { rules: { remindMs: 1_800_000 } },
    ...change,
  }) as Addressee;
const due = (afterMs: number, one: Partial<Addressee> = {}, i: Partial<Incident> = {}, told = true) =>
  remindersDue([{ ...incident, ...i }], [receiver(one)], () => told, openedAtMs + afterMs);

describe('a reminder', () => {
  it('comes once per period, however often it is asked for', () => {
    expect(due(1_799_999)).toEqual([]);
    expect(due(1_800_000)[0]).toMatchObject({
      id: 'reminder:i1:op_a:1',
      data: { receivers: ['op_a'], count: 1 },
    });
    expect(due(1_900_000)[0]?.id).toBe('reminder:i1:op_a:1');
    expect(due(3_600_000)[0]?.id).toBe('reminder:i1:op_a:2');
    expect(due(1_800_000)[0]?.sentence).toBe(
      'Still: OpenRouter fails in part: 9 of 41 checks failed. Since 11:59 UTC, for 31 min.',
    );
  });

  it('is not for whoever was never told, did not ask, is muted, or knows that somebody is looking', () => {
    expect(due(1_800_000, {}, {}, false)).toEqual([]);
    expect(due(1_800_000, { settings: {} })).toEqual([]);
    expect(due(1_800_000, { isMutedUntilMs: openedAtMs + 9_000_000 })).toEqual([]);
    expect(due(1_800_000, {}, { acknowledgedBy: 'ana' })).toEqual([]);
    expect(due(1_800_000, {}, { status: 'resolved' })).toEqual([]);
  });

  it('keeps quiet hours unless everything is down', () => {
    const settings = {
      rules: { remindMs: 1_800_000, quiet: { fromMinute: 720, toMinute: 780, timeZone: 'UTC' } },
    };
    expect(due(1_800_000, { settings })).toEqual([]);
    expect(due(1_800_000, { settings }, { impact: 'major_outage' })).toHaveLength(1);
    expect(due(3_700_000, { settings })).toHaveLength(1);
  });
});
