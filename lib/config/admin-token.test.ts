import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureAdminToken, renewAdminToken } from './admin-token.ts';

const folder = () => join(mkdtempSync(join(tmpdir(), 'sb-')), 'data');

it('is made once, readable by its owner only, and stays', () => {
  const dir = folder();
  const first = ensureAdminToken(dir, {});
  expect(first.isNew).toBe(true);
  expect(statSync(first.file as string).mode & 0o777).toBe(0o600);
  expect(ensureAdminToken(dir, {})).toEqual({ ...first, isNew: false });
});

it('comes from the environment when it is set there, and is not written', () => {
  expect(ensureAdminToken(folder(), { SIGNALBOX_ADMIN_TOKEN: ' given ' })).toEqual({
    token: 'given',
    file: null,
    isNew: false,
  });
});

it('can be renewed, which ends the old one', () => {
  const dir = folder();
  const first = ensureAdminToken(dir, {});
  const next = renewAdminToken(dir);
  expect(next.token).not.toBe(first.token);
  expect(readFileSync(next.file as string, 'utf8').trim()).toBe(next.token);
});
