import { randomUUID } from 'node:crypto';
import type { OpsIo, Refusal } from './ops-io.ts';

export type Asked = { ok: true; id: string } | Refusal;

/** What only the worker can do is asked for here; it claims and carries out within a second. */
export function askWorker(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  kind: string,
  body: Record<string, unknown>,
  by: string,
): Asked {
  const id = randomUUID();
  io.store.people.ask({ id, kind, body, by, atMs: io.nowMs });
  return { ok: true, id };
}
