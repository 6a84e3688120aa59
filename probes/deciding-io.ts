import type { buildFleet } from '#lib/config/fleet.ts';
import type { Loaded } from '#lib/config/load.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Receiver, Store } from '#lib/store.ts';
import type { Core } from './core.ts';
import type { WorkerHealth } from './health-port.ts';
import type { Leadership } from './heartbeat.ts';
import type { ToDeciding, ToLooking } from './messages.ts';
import type { StallMeter } from './stall.ts';

/** What the deciding side is given, and what may be asked of it. */

export interface DecidingIo {
  store: Store;
  core: Core;
  loaded: Loaded;
  build: typeof buildFleet;
  leadership: Leadership;
  stalls: StallMeter;
  /** Kept up to date for who asks whether this worker lives. */
  health: WorkerHealth;
  nowMs(): number;
  post(message: ToLooking): void;
  say(sentence: string): void;
  /** Another worker has taken over: nothing may be written any more. */
  deposed(): void;
  /** How the sending goes; null before it has begun. */
  deliveries?(): Record<string, unknown> | null;
  /** Who gets the test alarm beside the owner's channels. */
  canary?(): Receiver | null;
  /** Events were written that somebody is to be told of. */
  poke(): void;
  /** A stranger's wish, put down by the web process. */
  subscribe(intent: { id: string; body: Record<string, unknown> }): void;
  /** A sentence for the operator's log. */
  complain(sentence: string): void;
}

export interface Deciding {
  start(): void;
  receive(message: ToDeciding): void;
  setConfig(loaded: Loaded): void;
  /** Our own test target: looked at and judged, stored nowhere; null: no longer. */
  watchCanary(watched: Watched | null): void;
  /** Writes what is left and gives the lease back. */
  stop(): void;
  facts(): Record<string, unknown>;
}
