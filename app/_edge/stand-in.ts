import { openMemoryStore, readSnapshot, type Snapshot, snapshotOf, writeSnapshot } from '#db/open.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';

/**
 * While the database cannot be opened, the last picture stands in for it: pages and feed answer with what was last
 * known, and because the heartbeat in it is old, all of it is unknown. Nothing can be written to it.
 */

const keepEveryMs = 30_000;

export function storeFrom(snapshot: Snapshot, nowMs: () => number): Store {
  const store = openMemoryStore({ nowMs });
  const { current, incidents, lastBeat, savedAtMs } = snapshot;
  store.looks.saveFleet(current.fleet, savedAtMs);
  store.looks.advance(savedAtMs, () => ({
    ...emptyPlan,
    components: current.components,
    routes: current.routes,
    guard: current.guard,
    incidents,
  }));
  if (lastBeat) store.upkeep.beat(lastBeat);
  const refuse = (): never => {
    throw Object.assign(new Error('The database cannot be opened just now: nothing can be saved.'), {
      code: 'locked',
      permanent: false,
    });
  };
  return {
    ...store,
    incidents: { ...store.incidents, edit: refuse, add: refuse },
    events: { ...store.events, add: refuse },
    people: {
      ...store.people,
      ask: refuse,
      putToken: refuse,
      addReceiver: refuse,
      changeReceiver: refuse,
    },
    upkeep: { ...store.upkeep, note: refuse },
  };
}

/** One store for everybody who holds it, whichever is behind it now. */
export function exchangeable(first: Store): { store: Store; exchange(next: Store): void } {
  let now = first;
  const store: Store = {
    get looks() {
      return now.looks;
    },
    get history() {
      return now.history;
    },
    get incidents() {
      return now.incidents;
    },
    get events() {
      return now.events;
    },
    get outbox() {
      return now.outbox;
    },
    get ledger() {
      return now.ledger;
    },
    get people() {
      return now.people;
    },
    get catalog() {
      return now.catalog;
    },
    get upkeep() {
      return now.upkeep;
    },
    close: () => now.close(),
  };
  return {
    store,
    exchange(next) {
      const before = now;
      now = next;
      before.close();
    },
  };
}

/** The last picture of this folder as a store, or null where there is none. */
export function lastKnown(dataDir: string | null, nowMs: () => number): Store | null {
  const snapshot = dataDir === null ? null : readSnapshot(dataDir);
  if (!snapshot) return null;
  try {
    return storeFrom(snapshot, nowMs);
  } catch {
    // A picture of another version is no picture.
    return null;
  }
}

/** Keeps the picture fresh; returns how to stop. A disk that is full keeps the older one. */
export function keepPicture(
  io: { store: Store; dataDir: string | null; nowMs(): number; isReal(): boolean },
  everyMs = keepEveryMs,
): () => void {
  const { dataDir } = io;
  if (dataDir === null) return () => {};
  const keep = () => {
    if (!io.isReal()) return;
    try {
      writeSnapshot(dataDir, snapshotOf(io.store, io.nowMs()));
    } catch {}
  };
  const timer = setInterval(keep, everyMs);
  return () => {
    clearInterval(timer);
    keep();
  };
}
