/**
 * Notices where a steady stream of calls ends at once. A route that is healthy is not silent by accident: the silence
 * is a reason to look ourselves, and nothing more.
 */

interface Flow {
  /** Calls per window, silent ones included. */
  mean: number;
  windows: number;
  silent: number;
}

const weight = 0.1;
/** So many windows before a stream is called steady. */
const leastWindows = 12;
/** Calls that should have come by now: by accident none of ten come once in twenty thousand times. */
const missedCalls = 10;
const forgottenWindows = 360;
const mostFlows = 2_000;

export class Traffic {
  #flows = new Map<string, Flow>();

  /** One window's calls per route; gives the routes that have just fallen silent. */
  step(calls: ReadonlyMap<string, number>): string[] {
    for (const [key, count] of calls) this.#note(key, count);
    const silent: string[] = [];
    for (const [key, flow] of this.#flows) {
      if (calls.has(key)) continue;
      const before = flow.silent * flow.mean;
      flow.silent += 1;
      const isSteady = flow.windows >= leastWindows;
      if (isSteady && before < missedCalls && flow.silent * flow.mean >= missedCalls) silent.push(key);
      if (flow.silent > forgottenWindows) this.#flows.delete(key);
    }
    return silent;
  }

  #note(key: string, count: number): void {
    const flow = this.#flows.get(key);
    if (!flow) {
      if (this.#flows.size < mostFlows) this.#flows.set(key, { mean: count, windows: 1, silent: 0 });
      return;
    }
    flow.mean *= (1 - weight) ** flow.silent;
    flow.mean += weight * (count - flow.mean);
    flow.windows += 1 + flow.silent;
    flow.silent = 0;
  }
}
