import { openStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { parseDuration } from '#lib/config/shapes.ts';
import type { Store } from '#lib/store.ts';
import { type Io, Usage } from './command.ts';

/** Opens the store of this installation, hands it over and closes it again. */
export async function withStore<T>(
  io: Io,
  isReader: boolean,
  work: (store: Store) => T | Promise<T>,
): Promise<T> {
  const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
  const store = openStore({ dataDir, isReader, ...(databaseUrl ? { url: databaseUrl } : {}) });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** `2026-11-01`, an ISO instant, or a length of time ago (`30d`). */
export function instantOf(text: string, nowMs: number, option: string): number {
  const ago = parseDuration(text);
  if (ago !== null) return nowMs - ago;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new Usage(
      `${option} is a day (2026-11-01), an instant (2026-11-01T12:00:00Z) or a length of time (30d)`,
    );
  return at;
}

export function periodOf(
  values: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): { fromMs: number; toMs: number } {
  const fromMs = instantOf(values.from ?? '30d', nowMs, '--from');
  const toMs = values.to === undefined ? nowMs : instantOf(values.to, nowMs, '--to');
  if (fromMs >= toMs) throw new Usage('--from must be before --to');
  return { fromMs, toMs };
}
