import { describe, expect, it } from 'vitest';
import { fault, type SendFault } from './channel.ts';
import { isCircuitNews, planRetry } from './retry.ts';
import { readRetryAfterMs } from './retry-after.ts';

const nowMs = Date.UTC(2026, 10, 20, 12);
const failed = (change: Partial<SendFault> = {}) =>
  fault('http_500', 'answered 500', change) as unknown as SendFault;
const plan = (change: Partial<Parameters<typeof planRetry>[0]> = {}) =>
  planRetry({
    id: 'm1',
    type: 'incident.opened',
    patience: 'webhook',
    fault: failed(),
    attempts: 1,
    firstDueAtMs: nowMs,
    notAfterMs: null,
    nowMs,
    ...change,
  });
const waits = (change: Partial<Parameters<typeof planRetry>[0]>, tries: number) =>
  Array.from({ length: tries }, (_, i) => {
    const retry = plan({ ...change, attempts: i + 1 });
    return retry.again ? (retry.atMs - nowMs) / 1_000 : null;
  });

describe('trying again', () => {
  it('follows the schedule of the kind of news, spread by a fifth', () => {
    const circuit = [2, 10, 30, 120, 480];
    const incident = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 36_000];
    for (const [type, planned] of [
      ['circuit.opened', circuit],
      ['incident.opened', incident],
    ] as const)
      waits({ type }, planned.length).forEach((wait, i) => {
        expect(wait).toBeGreaterThanOrEqual((planned[i] as number) * 0.8 - 0.001);
        expect(wait).toBeLessThanOrEqual((planned[i] as number) * 1.2 + 0.001);
      });
    expect(waits({ type: 'circuit.opened' }, 6)[5]).toBeNull();
    expect(isCircuitNews('guard.changed')).toBe(true);
  });

  it('plans the same instant after a restart, and another for another message', () => {
    expect(plan()).toEqual(plan());
    expect(plan()).not.toEqual(plan({ id: 'm2' }));
  });

  it.each([
    ['webhook', 72],
    ['chat', 2],
    ['email', 24],
  ] as const)('%s ends after %i hours', (patience, hours) => {
    expect(plan({ patience, firstDueAtMs: nowMs - hours * 3_600_000 + 60_000 }).again).toBe(true);
    expect(plan({ patience, firstDueAtMs: nowMs - hours * 3_600_000 }).again).toBe(false);
  });

  it('never goes beyond the event’s own expiry', () => {
    expect(plan({ notAfterMs: nowMs + 1_000 })).toEqual({
      again: false,
      reason: expect.stringMatching(/too old/),
    });
  });

  it('gives up at once on what cannot change, and after three odd answers', () => {
    expect(plan({ fault: failed({ permanent: true }) }).again).toBe(false);
    expect(plan({ fault: failed({ mostTries: 3 }), attempts: 2 }).again).toBe(true);
    expect(plan({ fault: failed({ mostTries: 3 }), attempts: 3 }).again).toBe(false);
  });

  // Seen red with what the receiver asked for passed over.
  it('A5: waits as long as it is asked to, within reason, and a minute after 429s and timeouts that ask for nothing', () => {
    const waited = (change: Partial<SendFault>, patience: 'webhook' | 'chat' = 'webhook') => {
      const retry = plan({ fault: failed(change), patience });
      return retry.again ? Math.round((retry.atMs - nowMs) / 1_000) : null;
    };
    expect(waited({ retryAfterMs: 90_000 })).toBe(90);
    expect(waited({ retryAfterMs: 86_400_000 })).toBe(3_600);
    expect(waited({ retryAfterMs: 86_400_000 }, 'chat')).toBe(600);
    expect(waited({ retryAfterMs: 0 })).toBeGreaterThanOrEqual(4);
    expect(waited({ code: 'http_429' })).toBe(60);
    expect(waited({ isTimeout: true })).toBe(60);
    expect(waited({ code: 'http_429', retryAfterMs: 30_000 }, 'chat')).toBe(30);
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['1.5', 1_500],
    ['0', 0],
    ['Fri, 20 Nov 2026 12:00:10 GMT', 10_000],
    ['Friday, 20-Nov-26 12:00:10 GMT', 10_000],
    ['Fri Nov 20 12:00:10 2026', 10_000],
    ['Wed Dec  2 12:00:00 2026', 12 * 86_400_000],
    ['Fri, 20 Nov 2026 12:00:10 GMT, Fri, 20 Nov 2026 13:00:00 GMT', 10_000],
    ['9'.repeat(400), Number.MAX_VALUE],
    ['Fri, 99 Foo 2026 99:99:99 GMT', null],
    ['2026-11-20T12:00:10Z', null],
    ['Fri, 20 Nov 2026 11:00:00 GMT', null],
    ['30, 60', 30_000],
    ['-5', null],
    ['soon', null],
    ['', null],
    ['1e9', null],
    ['0x10', null],
    ['99999999999999999999', 1e23],
    [undefined, null],
    ['12 parsecs', null],
    ['2026', 2_026_000],
  ])('%j is %s ms', (value, ms) => expect(readRetryAfterMs(value, nowMs)).toBe(ms));
});
