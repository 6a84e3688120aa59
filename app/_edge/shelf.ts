import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageShelf } from './pages.ts';

const eachMs = 10_000;
const mostShelved = 100;

/** Last good copies on disk: written aside and renamed, at most every ten seconds each, and never waited for. */
export function diskShelf(folder: string, nowMs: () => number): PageShelf | null {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return null;
  }
  const written = new Map<string, number>();
  const fileOf = (key: string) =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.html`);
  return {
    put(key, html) {
      const lastMs = written.get(key);
      if (lastMs === undefined ? written.size >= mostShelved : nowMs() - lastMs < eachMs) return;
      written.set(key, nowMs());
      const aside = `${fileOf(key)}.${randomBytes(4).toString('hex')}`;
      // A full or read-only disk must not matter to whoever reads a page.
      writeFile(aside, html, { mode: 0o600 })
        .then(() => renameSync(aside, fileOf(key)))
        .catch(() => undefined);
    },
    get(key) {
      try {
        return readFileSync(fileOf(key));
      } catch {
        return null;
      }
    },
  };
}
