import type { Sealer } from '../seal.ts';
import type { Store } from '../store.ts';

/** What every verb needs; both processes have it. */
export interface OpsIo {
  store: Store;
  sealer: Sealer;
  nowMs: number;
}

/** A refusal a caller can explain: a stable code and a sentence for people. */
export interface Refusal {
  ok: false;
  code: string;
  text: string;
}

export function refuse(code: string, text: string): Refusal {
  return { ok: false, code, text };
}
