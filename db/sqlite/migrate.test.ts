import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dataFolders } from '../contract/folder.contract.ts';
import { haikuKey, look, monday, recordAll } from '../contract/samples.contract.ts';
import { openClient } from './connection.ts';
import { migrate, newEpoch, readVersion } from './migrate.ts';
import { makeStrict } from './strict.ts';

const folder = dataFolders();
const root = fileURLToPath(new URL('../..', import.meta.url));
const own = fileURLToPath(new URL('./migrations', import.meta.url));

/** The migrations there are and one more, in a folder of their own. */
function withOneMore(sql: string): string {
  const made = mkdtempSync(join(tmpdir(), 'signalbox-migrations-'));
  cpSync(own, made, { recursive: true });
  writeFileSync(join(made, '9999_more.sql'), sql);
  return made;
}

function filled() {
  const at = folder();
  at.migrate();
  const store = at.open();
  recordAll(store, [look(monday)]);
  store.close();
  return at;
}

describe('a further migration', () => {
  it('copies the file beside itself first, keeps what is in it and counts on', () => {
    const at = filled();
    const client = openClient(at.file, false);
    const folderOfTwo = withOneMore('create table more (x integer) strict;');
    expect(migrate(client, at.file, monday, folderOfTwo)).toEqual({ from: 1, to: 2 });
    expect(readVersion(client).version).toBe(2);
    expect(client.prepare('select count(*) as n from timed_looks').get()).toEqual({ n: 1 });
    client.close();
    const copy = openClient(`${at.file}.before-2`, true);
    expect(readVersion(copy).version).toBe(1);
    expect(copy.prepare('select count(*) as n from timed_looks').get()).toEqual({ n: 1 });
    copy.close();
    rmSync(folderOfTwo, { recursive: true });
  });
  // D10: seen to fail with the statements run one by one.
  it('D10: that fails half-way never happened', () => {
    const at = filled();
    const client = openClient(at.file, false);
    const broken = withOneMore(
      'create table more (x integer) strict; drop table timed_looks; insert into nowhere values (1);',
    );
    expect(() => migrate(client, at.file, monday, broken)).toThrow(/nowhere/);
    client.close();
    const store = at.open();
    expect(store.looks.last(haikuKey, 1)).toHaveLength(1);
    rmSync(broken, { recursive: true });
  });
});

describe('the first migration', () => {
  it('is what the schema says', () => {
    const made = mkdtempSync(join(tmpdir(), 'signalbox-generated-'));
    const kit = join(root, 'node_modules/drizzle-kit/bin.cjs');
    execFileSync(
      process.execPath,
      [kit, 'generate', '--dialect', 'sqlite', '--schema', './db/sqlite/schema.ts', '--out', made],
      { cwd: root, stdio: 'pipe' },
    );
    const [file = ''] = readdirSync(made).filter((name) => name.endsWith('.sql'));
    const [ours = ''] = readdirSync(own).filter((name) => name.endsWith('.sql'));
    expect(makeStrict(readFileSync(join(made, file), 'utf8'))).toBe(readFileSync(join(own, ours), 'utf8'));
    rmSync(made, { recursive: true });
  }, 60_000);
  it('can be made strict more than once', () => {
    const sql = readFileSync(join(own, readdirSync(own).find((name) => name.endsWith('.sql')) ?? ''), 'utf8');
    expect(makeStrict(sql)).toBe(sql);
  });
});

it('epochs grow with time', () => {
  const epochs = [0, 1, monday, monday + 1, monday + 1e9].map(newEpoch);
  expect([...epochs].sort()).toEqual(epochs);
  expect(new Set(epochs).size).toBe(epochs.length);
});
