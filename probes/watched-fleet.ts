import type { buildFleet } from '#lib/config/fleet.ts';
import type { Loaded } from '#lib/config/load.ts';
import { isPaid } from '#lib/core/budget.ts';
import type { Fleet, Watched } from '#lib/core/fleet.ts';
import type { Found } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';
import type { Banker } from './banker.ts';
import type { Core } from './core.ts';
import { driftMemory } from './drift-memory.ts';
import { createFleetKeeper } from './fleet-keeper.ts';
import type { ToLooking } from './messages.ts';
import { pushesOf } from './pushes.ts';
import { firstTokensOf } from './route-history.ts';
import { startLines } from './start-lines.ts';

/** What is watched, kept up to date: told to the core, to the bank, to the looking side and to whoever started us. */

export interface FleetIo {
  store: Store;
  core: Pick<Core, 'setFleet'>;
  banker: Banker;
  build: typeof buildFleet;
  loaded(): Loaded;
  nowMs(): number;
  post(message: ToLooking): void;
  say(sentence: string): void;
}

export interface WatchedFleet {
  fleet(): Fleet;
  /** The first fleet, and all that is remembered of it. */
  start(): void;
  tellHistory(): void;
  tellPushes(name: string | null): void;
  sayWhatIsWatched(): void;
  isWatchedModel(gateway: string, model: string): boolean;
  /** News that may change what there is to watch. */
  hear(found: Found[]): void;
  rebuildSoon(): void;
  /** Our own test target: watched beside the fleet and no part of it; null: none any more. */
  watchCanary(watched: Watched | null): void;
  canary(): Watched | null;
  stop(): void;
  facts(): { paid: number; stretch: number };
}

const isCatalogue = ({ kind }: Found) => kind === 'models' || kind === 'endpoints' || kind === 'providers';
const rebuildAfterMs = 1_000;

export function createWatchedFleet(io: FleetIo): WatchedFleet {
  const { store, banker } = io;
  const keeper = createFleetKeeper(store, io.build);
  let timer: NodeJS.Timeout | null = null;
  let hasSaidCost = false;
  let canary: Watched | null = null;
  const watchedNow = () => keeper.fleet().watched;

  function sayWhatIsWatched(): void {
    hasSaidCost = watchedNow().some(isPaid);
    for (const line of startLines(io.loaded(), watchedNow(), keeper.remarks(), keeper.stretch()))
      io.say(line);
  }

  function apply(isForced = false): void {
    const nowMs = io.nowMs();
    const isChanged = keeper.rebuild(io.loaded(), nowMs, banker.caps());
    if (!isChanged && !isForced) return;
    const watched = watchedNow();
    banker.setFleet(watched);
    tell(nowMs);
    // The default routes are chosen a few seconds after the start: what they cost is said then.
    if (isChanged && !isForced && !hasSaidCost && watched.some(isPaid)) sayWhatIsWatched();
  }

  function tell(nowMs: number): void {
    const fleet = keeper.fleet();
    const all: Fleet = canary ? { ...fleet, watched: [...fleet.watched, canary] } : fleet;
    io.core.setFleet(all, nowMs);
    const { after, times } = io.loaded().config.confirm;
    io.post({
      type: 'fleet',
      watched: all.watched,
      keys: keeper.keys(),
      lastSeenAt: store.looks.lastSeenAt(),
      confirm: { afterMs: after, times },
    });
  }

  /** A store that is locked just now keeps the fleet as it is; a moment later it is built all the same. */
  function rebuildSoon(): void {
    timer = null;
    try {
      apply();
    } catch {
      timer = setTimeout(rebuildSoon, rebuildAfterMs);
    }
  }

  /** Known before the first account look of this start: the first calls are already the owner's. */
  function recallFreeTier(): void {
    for (const gateway of new Set(watchedNow().map((w) => w.target.gateway))) {
      const isFreeTier = gateway === null ? null : (store.catalog.account(gateway)?.isFreeTier ?? null);
      if (gateway !== null && isFreeTier !== null) banker.setFreeTier(gateway, isFreeTier);
    }
  }

  function isNews(one: Found): boolean {
    if (one.kind !== 'account') return isCatalogue(one);
    const { isFreeTier } = one.facts;
    return isFreeTier !== null && banker.setFreeTier(one.account, isFreeTier);
  }

  return {
    fleet: () => keeper.fleet(),
    sayWhatIsWatched,
    rebuildSoon,
    start() {
      keeper.rebuild(io.loaded(), io.nowMs());
      recallFreeTier();
      apply(true);
    },
    tellHistory() {
      const routes = watchedNow().filter((w) => w.probe === 'completion');
      const firstTokens = firstTokensOf(store, routes);
      if (firstTokens.size > 0) io.post({ type: 'history', firstTokens });
      for (const message of driftMemory(store, watchedNow())) io.post(message);
    },
    tellPushes(name) {
      for (const message of pushesOf(store, watchedNow(), name)) io.post(message);
    },
    isWatchedModel: (gateway, model) =>
      watchedNow().some(({ target }) => target.gateway === gateway && target.model === model),
    hear(found) {
      for (const one of found) if (isNews(one)) timer ??= setTimeout(rebuildSoon, rebuildAfterMs);
    },
    watchCanary(watched) {
      canary = watched;
      tell(io.nowMs());
      // It begins by going down: the first alarm of a start comes back within seconds.
      if (canary) io.post({ type: 'look_now', targetKeys: [canary.key] });
    },
    canary: () => canary,
    stop() {
      if (timer) clearTimeout(timer);
    },
    facts: () => ({ paid: watchedNow().filter(isPaid).length, stretch: keeper.stretch() }),
  };
}
