import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiKeyPurpose, sha256 } from '#app/_edge/access.ts';
import { migrateStore } from '#db/open.ts';
import type { Io } from './command.ts';
import { withStore } from './desk-store.ts';
import { dispatch } from './main.ts';

let dataDir: string;
let io: Io & { said: string[]; remarks: string[] };

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'token-'));
  migrateStore({ dataDir, reserveBytes: 0 });
  const said: string[] = [];
  const remarks: string[] = [];
  const env = { SIGNALBOX_DATA: dataDir };
  const out = (text: string) => void said.push(text);
  const err = (text: string) => void remarks.push(text);
  io = { said, remarks, out, err, isTerminal: false, env, cwd: dataDir, root: process.cwd() };
});

afterEach(() => rmSync(dataDir, { recursive: true }));

const holder = (key: string, atMs = Date.now()) =>
  withStore(io, true, (store) => store.people.takeToken(sha256(key), apiKeyPurpose, atMs, false));

describe('a key for the API', () => {
  it('is shown once, opens what its scopes name, and ends with its time', async () => {
    const args = ['--scope', 'incidents,look', '--name', 'deploys', '--expires', '90d'];
    expect(await dispatch(['token', ...args], io)).toBe(0);
    const [key = ''] = io.said;
    expect(key).toMatch(/^sb_live_[0-9a-f]{10}_[\w-]{43}$/);
    expect(await holder(key)).toEqual({ subject: 'key:deploys', scopes: ['incidents', 'look'] });
    expect(await holder(key, Date.now() + 91 * 86_400_000)).toBeNull();
    expect(await dispatch(['token', '--list'], io)).toBe(0);
    expect(io.said[1]).toMatch(/^deploys \([0-9a-f]{10}\): incidents, look, until 20/);
    expect([...io.said.slice(1), ...io.remarks].join('\n')).not.toContain(key);
  });

  it('ends at once when it is revoked, and another of its name can be issued', async () => {
    await dispatch(['token', '--scope', 'metrics', '--name', 'prom'], io);
    const [key = ''] = io.said;
    expect(await dispatch(['token', '--scope', 'metrics', '--name', 'prom'], io)).toBe(2);
    expect(await dispatch(['token', '--revoke', 'prom'], io)).toBe(0);
    expect(await holder(key)).toBeNull();
    expect(await dispatch(['token', '--revoke', 'prom'], io)).toBe(1);
    expect(await dispatch(['token', '--scope', 'metrics', '--name', 'prom'], io)).toBe(0);
  });

  it.each([
    [['--scope', 'everything']],
    [['--scope', '']],
    [['--name', 'x']],
    [['--scope', 'look', '--expires', 'soon']],
    [['--scope', 'look', '--name', 'a b']],
    [['--list', '--revoke', 'x']],
  ])('is refused for %j', async (args) => {
    expect(await dispatch(['token', ...args], io)).toBe(2);
    expect(io.said).toEqual([]);
  });
});

it('renews the admin token when nothing else is asked for', async () => {
  expect(await dispatch(['token'], io)).toBe(0);
  expect(io.said).toHaveLength(1);
  expect(io.remarks[0]).toContain('admin-token');
});
