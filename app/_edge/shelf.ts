import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageShelf, Shelved } from './pages.ts';

const eachMs = 3_000;
const mostShelved = 100;

/** Last good copies on disk: written aside and renamed, at most every three seconds each, and never waited for. */
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
    put(key, { html, of }) {
      const lastMs = written.get(key);
      if (lastMs === undefined ? written.size >= mostShelved : nowMs() - lastMs < eachMs) return;
      written.set(key, nowMs());
      const aside = `${fileOf(key)}.${randomBytes(4).toString('hex')}`;
      // A full or read-only disk must not matter to whoever reads a page.
      const head = Buffer.from(`${JSON.stringify({ atMs: nowMs(), of })}\n`);
      writeFile(aside, Buffer.concat([head, html]), { mode: 0o600 })
        .then(() => renameSync(aside, fileOf(key)))
        .catch(() => undefined);
    },
    get(key) {
      try {
        return shelved(readFileSync(fileOf(key)));
      } catch {
        return null;
      }
    },
  };
}

/** One line that says when and of what, then the page. */
function shelved(bytes: Buffer): Shelved {
  const end = bytes.indexOf(10);
  const { atMs, of } = JSON.parse(bytes.subarray(0, end).toString()) as Omit<Shelved, 'html'>;
  return { html: bytes.subarray(end + 1), atMs: Number(atMs), of };
}
