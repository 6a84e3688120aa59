import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateStore, openStore } from '#db/open.ts';
import { backUp } from '#probes/backup.ts';

/** Backups, retention and roll-ups without a pause, in a process of its own that a test kills. Entry of a test. */
const [dataDir = '', startMs = '0'] = process.argv.slice(2);
migrateStore({ dataDir });
const store = openStore({ dataDir, reserveBytes: 0 });
const folder = join(dataDir, 'backups');
const keep = { rawMs: 3_600_000, minutesMs: 3_600_000, hoursMs: 86_400_000, daysMs: null };
process.stdout.write('running\n');
for (let round = 0; round < 10_000; round++) {
  const nowMs = Number(startMs) + round * 1_000;
  store.upkeep.rollUp(nowMs);
  store.upkeep.prune(nowMs, keep);
  const name = await backUp({ store, folder, key: null, keep: 1_000, nowMs });
  const sum = createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
  process.stdout.write(`${name} ${sum}\n`);
}
