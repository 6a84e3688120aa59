/** As much of the routing document as a router reads. Unknown fields are ignored; unknown values read as in the contract. */

export interface Decision {
  id: string;
  state: string;
  groups: string[];
  circuit: { state: string; retry_at: string | null };
  advice: { action: string; weight: number };
}

export interface Snapshot {
  epoch: string;
  seq: number;
  generated_at: string;
  valid_until: string;
  poll_after_s?: number;
  self?: { status?: string };
  guard?: { state?: string };
  targets: Decision[];
  /** Where the rest is, when one answer could not hold all. */
  page?: { next_cursor?: string | null };
  chains?: { id: string; targets: string[] }[];
}

export type Freshness = 'none' | 'fresh' | 'stale' | 'expired';

/** Everything a client takes from around it; tests hand in their own. */
export interface Surroundings {
  fetch: typeof fetch;
  /** Monotonic milliseconds. */
  monoMs: () => number;
  random: () => number;
}
