import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateStore, openStore } from '../open.ts';
import { describeStore } from '../store.contract.ts';

describeStore('sqlite', (nowMs) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-store-'));
  migrateStore({ dataDir, nowMs });
  return {
    open: ({ isReader }) => openStore({ dataDir, isReader, nowMs, reserveBytes: 0 }),
    drop: () => rmSync(dataDir, { recursive: true, force: true }),
  };
});
