import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolders } from '../contract/folder.contract.ts';
import {
  draft,
  event,
  haikuKey,
  incident,
  look,
  monday,
  recordAll,
  recordMinutes,
} from '../contract/samples.contract.ts';
import { openMemoryStore, readSnapshot, restoreStore, snapshotOf, writeSnapshot } from '../open.ts';

const folder = dataFolders();

function filled() {
  const at = folder();
  at.migrate();
  const store = at.open();
  recordMinutes(store, monday, 300);
  store.incidents.add(incident(), [event('e1')], [draft('d1')]);
  return { ...at, store, copy: join(at.path, 'backups', 'one.db') };
}

describe('backup', () => {
  it('is a sound copy that says what is in it', async () => {
    const { store, copy } = filled();
    const made = await store.upkeep.backup(copy);
    const bytes = readFileSync(copy);
    expect(made).toEqual({
      bytes: bytes.length,
      looks: 300,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    if (process.platform !== 'win32') expect(statSync(copy).mode & 0o777).toBe(0o600);
  });
  it('goes on while looks are recorded, and is of one moment', async () => {
    const { store, copy } = filled();
    const making = store.upkeep.backup(copy);
    for (let i = 0; i < 50; i++) recordAll(store, [look(monday + 1 + i * 60_000)]);
    const made = await making;
    expect(made.looks).toBeGreaterThanOrEqual(300);
    expect(store.looks.last(haikuKey, 1000)).toHaveLength(350);
  });
  it('overwrites nothing', async () => {
    const { store, copy } = filled();
    await store.upkeep.backup(copy);
    const before = readFileSync(copy);
    await expect(store.upkeep.backup(copy)).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(copy)).toEqual(before);
  });
  it('of a store in memory works as well', async () => {
    const at = folder();
    const store = openMemoryStore();
    recordAll(store, [look(monday)]);
    expect(await store.upkeep.backup(join(at.path, 'm.db'))).toMatchObject({ looks: 1 });
    store.close();
  });
});

describe('restore', () => {
  // D9, K11: the drill. Seen to fail with the epoch left as it was.
  it('D9: brings back everything, under a new epoch and with nobody holding a lease', async () => {
    const { store, copy } = filled();
    store.outbox.claim({ by: 'dead', nowMs: monday, leaseMs: 1e9, limit: 1, exceptReceivers: [] });
    await store.upkeep.backup(copy);
    const elsewhere = folder();
    const nowMs = monday + 5_000;
    const restored = restoreStore({ dataDir: elsewhere.path, from: copy, nowMs: () => nowMs });
    expect(restored).toMatchObject({ looks: 300, incidents: 1, events: 1, movedTo: null });
    const back = elsewhere.open();
    expect(back.looks.last(haikuKey, 1000)).toEqual(store.looks.last(haikuKey, 1000));
    expect(back.incidents.list({ limit: 9 })).toEqual([incident()]);
    expect(back.events.position().seq).toBe(store.events.position().seq);
    expect(back.events.position().epoch).not.toBe(store.events.position().epoch);
    const again = back.outbox.claim({ by: 'me', nowMs, leaseMs: 1, limit: 9, exceptReceivers: [] });
    expect(again.map((one) => one.delivery.id)).toEqual(['d1']);
  });
  it('replaces a database only when it is told to, and keeps the old one beside it', async () => {
    const { store, copy, path, file } = filled();
    await store.upkeep.backup(copy);
    recordAll(store, [look(monday - 1)]);
    store.close();
    const options = { dataDir: path, from: copy, nowMs: () => monday };
    expect(() => restoreStore(options)).toThrow(/already/);
    const { movedTo } = restoreStore({ ...options, isForced: true });
    expect(movedTo && existsSync(movedTo)).toBe(true);
    expect(movedTo).toContain(`${file}.replaced-`);
  });
  it('refuses while a worker is alive', async () => {
    const { store, copy, path } = filled();
    await store.upkeep.backup(copy);
    store.upkeep.beat({ atMs: monday, startedAtMs: monday, vantage: 'local', facts: {} });
    const restore = (nowMs: number) => () =>
      restoreStore({ dataDir: path, from: copy, isForced: true, nowMs: () => nowMs });
    expect(restore(monday + 1000)).toThrow(/worker is running/);
    store.close();
    expect(restore(monday + 60_000)).not.toThrow();
  });
  it('D7: takes no damaged copy, and leaves what is there', async () => {
    const { store, copy, path, file } = filled();
    await store.upkeep.backup(copy);
    store.close();
    const before = readFileSync(file);
    const handle = openSync(copy, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, 4096 * 6);
    closeSync(handle);
    expect(() => restoreStore({ dataDir: path, from: copy, isForced: true, nowMs: () => monday })).toThrow();
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(path).filter((name) => name.includes('restoring'))).toEqual([]);
  });
  it('says that there is no such backup', () => {
    const at = folder();
    expect(() => restoreStore({ dataDir: at.path, from: join(at.path, 'none.db') })).toThrow(/no backup/);
  });
  it('takes no database of another program', () => {
    const at = folder();
    const other = folder();
    other.migrate();
    copyFileSync(other.file, join(at.path, 'x.db'));
    const handle = openSync(join(at.path, 'x.db'), 'r+');
    writeSync(handle, Buffer.from([1, 2, 3, 4]), 0, 4, 68);
    closeSync(handle);
    expect(() => restoreStore({ dataDir: at.path, from: join(at.path, 'x.db') })).toThrow(
      /no backup of Signalbox/,
    );
  });
});

describe('the snapshot', () => {
  it('D6: is what was published last, and outlives the database', () => {
    const { store, path } = filled();
    store.upkeep.beat({ atMs: monday, startedAtMs: monday, vantage: 'local', facts: {} });
    writeSnapshot(path, snapshotOf(store, monday + 7));
    store.close();
    expect(readSnapshot(path)).toMatchObject({
      savedAtMs: monday + 7,
      incidents: [incident()],
      lastBeat: { atMs: monday },
    });
  });
  it('that is cut or missing is none', () => {
    const at = folder();
    expect(readSnapshot(at.path)).toBeNull();
    const handle = openSync(join(at.path, 'snapshot.json'), 'w');
    writeSync(handle, '{"v":1,"savedAt');
    closeSync(handle);
    expect(readSnapshot(at.path)).toBeNull();
  });
});
