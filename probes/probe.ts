import type { Watched } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';

/** A kind of look is one function of this type in `probes/kinds/`, and one line in `probes/kinds/table.ts`. */
export type Probe = (watched: Watched, io: ProbeIo) => Promise<{ observation: Observation; found?: Found[] }>;

/** Everything a probe may touch. It opens sockets through `http` only, and takes time from `clock` only. */
export interface ProbeIo {
  vantage: string;
  /** Why this look is made, and which slot it stands for. */
  why: Observation['why'];
  slot: number | null;
  /** The secret for this target, or null; never in a log, an error or an observation. */
  key: string | null;
  signal: AbortSignal;
  timeoutMs: number;
  http: import('#lib/http.ts').Http;
  clock: Clock;
  /** A number in [0, 1): nonces and questions are parameters, not hidden state. */
  random: () => number;
  /** Memory of one target between looks (ETags, the last list's hash); lost at a restart without harm. */
  memory: Map<string, unknown>;
  /** Completions: no first token `afterMs` into the look → `tell` once. A confirmation (`isFinal`) ends there, as a timeout. */
  suspicion?: { afterMs: number; isFinal: boolean; tell: () => void };
  /** Removes every configured secret from text of the far side; the known families alone when absent. */
  redact?: import('#lib/redact.ts').Redact;
}

export interface Clock {
  /** Epoch milliseconds UTC, for labels. */
  nowMs(): number;
  /** Monotonic milliseconds, for durations. */
  monoMs(): number;
  /** The longest gap of our own event loop that began or ended since `sinceMonoMs`. */
  stallSince(sinceMonoMs: number): number;
}
