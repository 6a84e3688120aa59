import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSealer, findKey, keyOf, secretFileName } from '../../lib/seal.ts';
import { dataFolders } from '../contract/folder.contract.ts';
import { haikuKey, monday, recordMinutes } from '../contract/samples.contract.ts';
import { restoreStore } from '../open.ts';

const folder = dataFolders();
const key = new Uint8Array(32).fill(7);

async function sealed() {
  const at = folder();
  at.migrate();
  const store = at.open();
  recordMinutes(store, monday, 120);
  store.upkeep.note('secret.word', 'aardvark');
  const copy = join(at.path, 'backups', 'one.db.enc');
  const made = await store.upkeep.backup(copy, key);
  return { ...at, store, copy, made };
}
const restoreFrom = (from: string, with_: Uint8Array | null) => {
  const elsewhere = folder();
  const restored = restoreStore({ dataDir: elsewhere.path, from, key: with_, nowMs: () => monday });
  return { ...elsewhere, restored };
};

describe('an encrypted backup', () => {
  it('holds nothing that can be read, and leaves no readable copy behind', async () => {
    const { copy, path, made } = await sealed();
    const bytes = readFileSync(copy);
    expect(made).toMatchObject({ looks: 120, bytes: bytes.length });
    for (const word of ['aardvark', 'anthropic', 'SQLite']) expect(bytes.includes(word)).toBe(false);
    expect(readdirSync(path).filter((name) => name.includes('part'))).toEqual([]);
    expect(readdirSync(join(path, 'backups'))).toEqual(['one.db.enc']);
  });
  it('is another one every time', async () => {
    const { store, path, made } = await sealed();
    expect((await store.upkeep.backup(join(path, 'two.db.enc'), key)).sha256).not.toBe(made.sha256);
  });
  // D9: the drill, with the key as it is found on another machine.
  it('D9: brings back everything with the key that was kept apart, and what is sealed inside opens', async () => {
    const at = folder();
    at.migrate();
    const store = at.open();
    recordMinutes(store, monday, 120);
    const kept = keyOf({ file: join(at.path, secretFileName) });
    store.upkeep.note('webhook', createSealer(kept).seal('whsec_1', 'r1'));
    const copy = join(at.path, 'one.db.enc');
    await store.upkeep.backup(copy, kept);

    const elsewhere = folder();
    writeFileSync(join(elsewhere.path, secretFileName), readFileSync(join(at.path, secretFileName)));
    const found = findKey({ file: join(elsewhere.path, secretFileName) });
    restoreStore({ dataDir: elsewhere.path, from: copy, key: found, nowMs: () => monday });
    const back = elsewhere.open();
    expect(back.looks.last(haikuKey, 1000)).toEqual(store.looks.last(haikuKey, 1000));
    expect(createSealer(found as Buffer).open(back.upkeep.noted('webhook') ?? '', 'r1')).toBe('whsec_1');
  });
  it('says in one sentence that the key is wrong, or that there is none', async () => {
    const { copy } = await sealed();
    expect(() => restoreFrom(copy, new Uint8Array(32))).toThrow(
      /the key here is another one: set SIGNALBOX_SECRET/,
    );
    expect(() => restoreFrom(copy, null)).toThrow(/there is no key here/);
  });
  it('that was changed or cut is named as damaged, and nothing of it is left', async () => {
    const { copy } = await sealed();
    const flip = (at: number) => {
      const handle = openSync(copy, 'r+');
      const was = readFileSync(copy)[at] ?? 0;
      writeSync(handle, Buffer.from([was ^ 1]), 0, 1, at);
      closeSync(handle);
      return () => flip(at);
    };
    const size = readFileSync(copy).length;
    for (const at of [60, size >> 1, size - 20, size - 1]) {
      const mend = flip(at);
      expect(() => restoreFrom(copy, key)).toThrow(/damaged or was cut short/);
      mend();
    }
    const target = folder();
    truncateSync(copy, size - 4096);
    expect(() => restoreStore({ dataDir: target.path, from: copy, key })).toThrow(/damaged or was cut short/);
    expect(readdirSync(target.path)).toEqual([]);
    truncateSync(copy, 30);
    expect(() => restoreFrom(copy, key)).toThrow(/damaged or was cut short/);
  });
  it('sweeps what a kill left behind, and not what somebody else is writing', async () => {
    const { store, path, file } = await sealed();
    writeFileSync(`${file}.99.copy.part`, 'old');
    writeFileSync(`${file}.98.copy.part`, 'new');
    utimesSync(`${file}.99.copy.part`, 1, 1);
    await store.upkeep.backup(join(path, 'three.db.enc'), key);
    expect(readdirSync(path).filter((name) => name.endsWith('.part'))).toEqual(['signalbox.db.98.copy.part']);
  });
});
