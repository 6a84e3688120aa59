import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Incident } from '../lib/core/plan.ts';
import type { Looks, Store, Upkeep } from '../lib/store.ts';
import { syncPath } from './sqlite/backup-copy.ts';

/** What is published now, as a file beside the database: the page can be drawn from it when the database is gone. */
export interface Snapshot {
  v: 1;
  savedAtMs: number;
  position: { epoch: string; seq: number };
  current: ReturnType<Looks['current']>;
  incidents: Incident[];
  lastBeat: ReturnType<Upkeep['lastBeat']>;
}

const snapshotName = 'snapshot.json';
const incidentsKept = 50;

export function snapshotOf(store: Store, nowMs: number): Snapshot {
  return {
    v: 1,
    savedAtMs: nowMs,
    position: store.events.position(),
    current: store.looks.current(),
    incidents: store.incidents.list({ limit: incidentsKept }),
    lastBeat: store.upkeep.lastBeat(),
  };
}

/** Beside it, to the disk, then in its place: a reader sees the old one or the new one. */
export function writeSnapshot(dataDir: string, snapshot: Snapshot): void {
  const path = join(dataDir, snapshotName);
  const part = `${path}.${process.pid}.part`;
  try {
    const file = openSync(part, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(snapshot));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
    syncPath(dirname(path));
  } finally {
    rmSync(part, { force: true });
  }
}

/** The last one written, or null where there is none that can be read. */
export function readSnapshot(dataDir: string): Snapshot | null {
  try {
    const snapshot = JSON.parse(readFileSync(join(dataDir, snapshotName), 'utf8')) as Snapshot;
    return snapshot.v === 1 ? snapshot : null;
  } catch {
    return null;
  }
}
