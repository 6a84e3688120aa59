import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { backUp, keptBackups } from './backup.ts';

const noon = Date.UTC(2026, 1, 17, 12);
const hourMs = 3_600_000;
const nameAt = (atMs: number) =>
  `signalbox-${new Date(atMs).toISOString().slice(0, 19).replace(/:/g, '-')}Z.db.enc`;
const key = new Uint8Array(32).fill(7);

describe('backups', () => {
  it('are whole copies, and what was cut short goes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
    migrateStore({ dataDir });
    const store = openStore({ dataDir });
    const folder = join(dataDir, 'backups');
    const first = await backUp({ store, folder, key, keep: 2, nowMs: noon });
    writeFileSync(join(folder, 'signalbox-cut.db.part'), 'half');
    for (let hour = 1; hour <= 3; hour++)
      await backUp({ store, folder, key, keep: 2, nowMs: noon + hour * hourMs });
    expect(readdirSync(folder).sort()).toEqual([nameAt(noon + 2 * hourMs), nameAt(noon + 3 * hourMs)]);
    expect(existsSync(join(folder, first))).toBe(false);
    store.close();
    rmSync(dataDir, { recursive: true });
  });

  it('are encrypted unless that was switched off, and both kinds grow old alike', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
    migrateStore({ dataDir });
    const store = openStore({ dataDir });
    const folder = join(dataDir, 'backups');
    const sealed = await backUp({ store, folder, key, keep: 2, nowMs: noon });
    const plain = await backUp({ store, folder, key: null, keep: 2, nowMs: noon + hourMs });
    const head = (name: string) => readFileSync(join(folder, name)).subarray(0, 15).toString('latin1');
    expect([sealed, head(sealed)]).toEqual([nameAt(noon), 'Signalbox backu']);
    expect([plain, head(plain)]).toEqual([nameAt(noon + hourMs).replace('.enc', ''), 'SQLite format 3']);
    await backUp({ store, folder, key, keep: 2, nowMs: noon + 2 * hourMs });
    expect(readdirSync(folder).sort()).toEqual([plain, nameAt(noon + 2 * hourMs)]);
    store.close();
    rmSync(dataDir, { recursive: true });
  });

  it('of the last day stay, then one a day for a week, then one a week', () => {
    const files = Array.from({ length: 24 * 60 }, (_, hour) => nameAt(noon - hour * hourMs));
    const kept = [...keptBackups(files, 1_000, noon)].sort().reverse();
    expect(kept.slice(0, 25)).toEqual(files.slice(0, 25));
    expect(kept.length).toBeGreaterThanOrEqual(25 + 6 + 4);
    expect(kept.length).toBeLessThanOrEqual(25 + 7 + 5);
    expect(keptBackups(files, 10, noon).size).toBe(10);
  });
});
