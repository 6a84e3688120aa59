import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Store } from '../../lib/store.ts';
import { migrateStore, openStore, type StoreOptions } from '../open.ts';
import { monday } from './samples.contract.ts';

/** A data folder of its own for every test, with everything in it closed and gone afterwards. */
export interface DataFolder {
  path: string;
  file: string;
  clock: { nowMs: number };
  open(options?: Partial<StoreOptions>): Store;
  migrate(): { from: number; to: number };
}

export function dataFolders(): () => DataFolder {
  let cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.reverse()) cleanup();
    cleanups = [];
  });
  return () => {
    const path = mkdtempSync(join(tmpdir(), 'signalbox-folder-'));
    cleanups.push(() => rmSync(path, { recursive: true, force: true }));
    const clock = { nowMs: monday };
    const nowMs = () => clock.nowMs;
    return {
      path,
      file: join(path, 'signalbox.db'),
      clock,
      migrate: () => migrateStore({ dataDir: path, nowMs }),
      open(options = {}) {
        const store = openStore({ dataDir: path, nowMs, reserveBytes: 0, ...options });
        let isOpen = true;
        const close = () => {
          if (isOpen) store.close();
          isOpen = false;
        };
        const closing: Store = { ...store, close };
        cleanups.push(close);
        return closing;
      },
    };
  };
}
