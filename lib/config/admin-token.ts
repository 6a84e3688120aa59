import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './load.ts';

/** The token that opens the admin pages: from the environment, else made once into `data/admin-token`. */
export interface AdminToken {
  token: string;
  /** null when it came from the environment. */
  file: string | null;
  isNew: boolean;
}

export function adminTokenFile(dataDir: string): string {
  return join(dataDir, 'admin-token');
}

/** Worker and web may both come here first: whoever creates the file wins, the other reads it. */
export function ensureAdminToken(dataDir: string, env: Env): AdminToken {
  const given = env.SIGNALBOX_ADMIN_TOKEN?.trim();
  if (given) return { token: given, file: null, isNew: false };
  const file = adminTokenFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  const token = randomBytes(24).toString('base64url');
  try {
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return { token, file, isNew: true };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return { token: readFileSync(file, 'utf8').trim(), file, isNew: false };
  }
}

/** A new token; the old one ends at once. */
export function renewAdminToken(dataDir: string): AdminToken {
  const file = adminTokenFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  const token = randomBytes(24).toString('base64url');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return { token, file, isNew: true };
}
