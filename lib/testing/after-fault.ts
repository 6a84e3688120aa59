import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openStore } from '#db/open.ts';
import { type InvariantOptions, invariants } from './invariants.ts';

/** What must hold whatever happened, asked of a data folder once its processes have ended. */
export function expectSound(dataDir: string, options: Partial<InvariantOptions> = {}): void {
  const file = join(dataDir, 'signalbox.db');
  if (!existsSync(file)) return;
  const store = openStore({ dataDir, isReader: true });
  try {
    expect(invariants(store, { nowMs: Date.now(), file, ...options })).toEqual([]);
  } finally {
    store.close();
  }
}
