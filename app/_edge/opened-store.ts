import type { Store } from '#lib/store.ts';
import type { EdgeLog } from './edge.ts';
import { exchangeable, lastKnown } from './stand-in.ts';

export interface StoreOptions {
  /** Opens the store as a reader. Throws with `code` `missing`, `not_migrated` or `locked` while the worker is not there yet. */
  openStore: () => Store;
  dataDir: string | null;
  log: EdgeLog;
}

const waitable = ['missing', 'not_migrated', 'locked'];
/** A file the worker has only just made is empty for a moment. */
const waitableAtFirst = 'empty_file';
const firstTries = 60;

export interface Opened {
  store: Store;
  /** False while the last picture stands in for it. */
  isReal(): boolean;
  stopTrying(): void;
}

const againMs = 1_000;

/** The store, or the last picture of it until it can be opened. */
export async function openedStore(options: StoreOptions, nowMs: () => number): Promise<Opened> {
  const found = await waitForStore(options, () => lastKnown(options.dataDir, nowMs));
  if (!found.trouble) return { store: found.store, isReal: () => true, stopTrying: () => {} };
  options.log.error({ error: found.trouble }, 'the store cannot be opened; the last picture is served');
  const { store, exchange } = exchangeable(found.store);
  let isReal = false;
  const timer = setInterval(() => {
    try {
      exchange(options.openStore());
    } catch {
      return;
    }
    isReal = true;
    clearInterval(timer);
    options.log.info({}, 'the store is open again');
  }, againMs);
  return { store, isReal: () => isReal, stopTrying: () => clearInterval(timer) };
}

/** So long the worker is waited for before the last picture stands in. */
const patientTries = 40;

/** The worker makes and migrates the store; until then the web waits and says so once. */
async function waitForStore(
  { openStore, log }: StoreOptions,
  standIn: () => Store | null,
): Promise<{ store: Store; trouble?: unknown }> {
  for (let tries = 0; ; tries += 1) {
    try {
      return { store: openStore() };
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const isBeingMade = code === waitableAtFirst && tries < firstTries;
      const isWaitable = isBeingMade || (typeof code === 'string' && waitable.includes(code));
      const store = !isWaitable || tries >= patientTries ? standIn() : null;
      if (store) return { store, trouble: error };
      if (!isWaitable) throw error;
      if (tries === 8) log.info({ code }, 'waiting for the worker to prepare the store');
      await new Promise((done) => setTimeout(done, tries < 40 ? 50 : 500));
    }
  }
}
