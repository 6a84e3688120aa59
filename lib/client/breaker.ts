const firstMs = 10_000;
const longestMs = 120_000;
const failuresToOpen = 3;

interface Local {
  failures: number;
  /** How often it opened without a success between. */
  openings: number;
  untilMs: number;
  inFlight: number;
  isTried: boolean;
}

/** What this process has seen itself. A green feed never overrules it. */
export class Breaker {
  #local = new Map<string, Local>();
  #monoMs: () => number;
  #random: () => number;

  constructor(monoMs: () => number, random: () => number) {
    this.#monoMs = monoMs;
    this.#random = random;
  }

  #of(id: string): Local {
    const known = this.#local.get(id);
    if (known) return known;
    const made = { failures: 0, openings: 0, untilMs: 0, inFlight: 0, isTried: false };
    this.#local.set(id, made);
    return made;
  }

  inFlight(id: string): number {
    return this.#local.get(id)?.inFlight ?? 0;
  }

  standing(id: string): 'closed' | 'trial' | 'open' {
    const local = this.#local.get(id);
    if (!local || local.openings === 0) return 'closed';
    return this.#monoMs() < local.untilMs || local.isTried ? 'open' : 'trial';
  }

  begin(id: string): void {
    const local = this.#of(id);
    local.inFlight += 1;
    if (local.openings > 0 && this.#monoMs() >= local.untilMs) local.isTried = true;
  }

  /** `isOurs`: a fault of the request itself, which says nothing of the target. */
  end(
    id: string,
    result: { ok: boolean; isOurs?: boolean; retryAfterMs?: number | null },
    isDoubted: boolean,
  ): void {
    const local = this.#of(id);
    local.inFlight = Math.max(0, local.inFlight - 1);
    local.isTried = false;
    if (result.retryAfterMs) this.#open(local, result.retryAfterMs);
    if (result.isOurs) return;
    if (result.ok) {
      local.failures = 0;
      if (this.#monoMs() >= local.untilMs) local.openings = 0;
      return;
    }
    local.failures += 1;
    if (local.openings > 0 || local.failures >= (isDoubted ? 1 : failuresToOpen)) this.#open(local, null);
  }

  #open(local: Local, forMs: number | null): void {
    const spread = 0.8 + this.#random() * 0.4;
    const ms = Math.min(longestMs, forMs ?? firstMs * 2 ** local.openings * spread);
    if (forMs === null) local.openings += 1;
    else local.openings = Math.max(1, local.openings);
    local.untilMs = Math.max(local.untilMs, this.#monoMs() + ms);
  }
}
