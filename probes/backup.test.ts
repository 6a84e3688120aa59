import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { backUp, keptBackups } from './backup.ts';

const noon = Date.UTC(2026, 1, 17, 12);
const hourMs = 3_600_000;
const nameAt = (atMs: number) =>
  `signalbox-${new Date(atMs).toISOString().slice(0, 19).replace(/:/g, '-')}Z.db`;

describe('backups', () => {
  it('are whole copies, and what was cut short goes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
    migrateStore({ dataDir });
    const store = openStore({ dataDir });
    const folder = join(dataDir, 'backups');
    const first = await backUp({ store, folder, keep: 2, nowMs: noon });
    writeFileSync(join(folder, 'signalbox-cut.db.part'), 'half');
    for (let hour = 1; hour <= 3; hour++)
      await backUp({ store, folder, keep: 2, nowMs: noon + hour * hourMs });
    expect(readdirSync(folder).sort()).toEqual([nameAt(noon + 2 * hourMs), nameAt(noon + 3 * hourMs)]);
    expect(existsSync(join(folder, first))).toBe(false);
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
