/** A leaky allowance per address and kind. Memory is bounded: the least recently seen address is forgotten. */

export const rateKinds = {
  read: { perMinute: 600, burst: 200 },
  write: { perMinute: 60, burst: 30 },
  login: { perMinute: 0.5, burst: 5 },
} as const satisfies Record<string, { perMinute: number; burst: number }>;
export type RateKind = keyof typeof rateKinds;

export interface Allowance {
  isAllowed: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds until one more is allowed. */
  retryAfterS: number;
}

const mostAddresses = 20_000;

export class RateLimits {
  #left = new Map<string, { tokens: number; atMs: number }>();

  take(kind: RateKind, address: string, nowMs: number): Allowance {
    const { perMinute, burst } = rateKinds[kind];
    const key = `${kind} ${network(address)}`;
    const before = this.#left.get(key) ?? { tokens: burst, atMs: nowMs };
    const refill = (Math.max(0, nowMs - before.atMs) / 60_000) * perMinute;
    const tokens = Math.min(burst, before.tokens + refill);
    const isAllowed = tokens >= 1;
    const left = isAllowed ? tokens - 1 : tokens;
    this.#left.delete(key);
    this.#left.set(key, { tokens: left, atMs: nowMs });
    if (this.#left.size > mostAddresses) this.#left.delete(this.#left.keys().next().value as string);
    return {
      isAllowed,
      limit: burst,
      remaining: Math.floor(left),
      retryAfterS: Math.max(1, Math.ceil(((1 - left) / perMinute) * 60)),
    };
  }
}

/** Somebody with a whole IPv6 prefix is one somebody. */
export function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address.replace('::ffff:', '');
  const [head = '', tail] = address.split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail ? tail.split(':').filter(Boolean) : [];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
