import { describe, expect, it } from 'vitest';
import { createSubscribeLimits, networkOf } from './subscribe-limits.ts';

const nowMs = Date.UTC(2026, 10, 20, 12);

describe('how often strangers may ask', () => {
  it('U8: is five times in ten minutes per network, and two hundred an hour in all', () => {
    const limits = createSubscribeLimits();
    for (let i = 0; i < 5; i++) expect(limits.admit(`192.0.2.${i}`, nowMs).ok).toBe(true);
    expect(limits.admit('192.0.2.77', nowMs)).toEqual({ ok: false, retryAfterMs: 600_000 });
    expect(limits.admit('192.0.3.77', nowMs).ok).toBe(true);
    expect(limits.admit('192.0.2.77', nowMs + 600_000).ok).toBe(true);
    let admitted = 0;
    for (let i = 0; i < 10_000; i++)
      if (limits.admit(`10.${i % 250}.${Math.floor(i / 250)}.1`, nowMs + 601_000).ok) admitted += 1;
    expect(admitted).toBe(193);
    expect([limits.isAlarming(), limits.isAlarming()]).toEqual([true, false]);
  });

  it.each([
    ['192.0.2.9', '192.0.2.0/24'],
    ['::ffff:192.0.2.9', '192.0.2.0/24'],
    ['2001:db8:1:23ff::9', '2001:db8:1:2300::/56'],
    ['2001:0db8:0001:2301:1:2:3:4', '2001:db8:1:2300::/56'],
    ['::1', '0:0:0:0::/56'],
  ])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network));
});
