import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { migrateStore } from '#db/open.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import { type RunningWorker, runWorker } from './main.ts';

let cwd = '';
let worker: RunningWorker | null = null;
afterEach(async () => {
  await worker?.stop();
  worker = null;
  expectSound(join(cwd, 'data'));
  rmSync(cwd, { recursive: true, force: true });
});

function stage(): Database.Database {
  cwd = mkdtempSync(join(tmpdir(), 'signalbox-locked-'));
  writeFileSync(
    join(cwd, 'signalbox.yaml'),
    `known_providers: false
gateways: { openrouter: { base_url: "http://127.0.0.1:9/api/v1", status_page: null } }
channels: [ { type: webhook, name: ops, url: "http://127.0.0.1:9/", secret: "whsec_${'A'.repeat(43)}=" } ]
`,
  );
  migrateStore({ dataDir: join(cwd, 'data') });
  return new Database(join(cwd, 'data', 'signalbox.db'));
}

const start = () => runWorker({ env: {}, cwd, say: () => undefined });

// Seen red with one try only.
it('D1: a worker that starts while somebody holds the database waits for it', async () => {
  const other = stage();
  other.exec('begin immediate');
  const starting = start();
  await new Promise((go) => setTimeout(go, 1_500));
  other.exec('commit');
  other.close();
  worker = await starting;
  expect(worker.store.upkeep.lastBeat()).not.toBeNull();
}, 30_000);

// Seen red, in a long run: the worker ended over it.
it('D1: a database that is locked when the sending begins is waited for, and the looking goes on', async () => {
  const other = stage();
  worker = await start();
  other.exec('begin immediate');
  await new Promise((go) => setTimeout(go, 3_000));
  other.exec('commit');
  other.close();
  await expect.poll(() => (worker?.facts().deliveries ?? null) !== null, { timeout: 15_000 }).toBe(true);
  expect(worker.store.people.receivers('operator').map(({ id }) => id)).toContain('op_webhook_ops');
}, 30_000);
