import type { Timing } from '#lib/core/observation.ts';
import type { OutcomeClass } from '#lib/core/outcome-words.ts';
import type { StoredLook } from '#lib/store.ts';
import { classOf, resultOf, type Tick } from './ticks.ts';

export const phaseNames = ['dns', 'connect', 'tls', 'wait', 'first_word', 'rest'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** One check with its phases, one after the other. */
export interface CheckRow {
  atMs: number;
  result: Tick['result'];
  class: OutcomeClass;
  status: number | null;
  totalMs: number | null;
  firstTokenMs: number | null;
  phases: { name: PhaseName; fromMs: number; toMs: number }[];
  error: string | null;
  servedBy: string | null;
  why: string;
  place: string;
}

export function checkRow({ observation: o, outcome }: StoredLook): CheckRow {
  return {
    atMs: o.atMs,
    result: resultOf(outcome),
    class: classOf(outcome),
    status: o.status,
    totalMs: o.timing.totalMs,
    firstTokenMs: o.timing.firstTokenMs,
    phases: phasesOf(o.timing),
    error: o.error?.message ?? o.fault,
    servedBy: o.served?.provider ?? null,
    why: o.why,
    place: o.vantage,
  };
}

/** Name, connection and encryption are lengths; what follows is counted from the beginning. */
export function phasesOf(t: Timing): CheckRow['phases'] {
  const phases: CheckRow['phases'] = [];
  let atMs = 0;
  const add = (name: PhaseName, toMs: number | null): void => {
    if (toMs === null || toMs <= atMs) return;
    phases.push({ name, fromMs: atMs, toMs });
    atMs = toMs;
  };
  add('dns', t.dnsMs);
  add('connect', t.connectMs === null ? null : atMs + t.connectMs);
  add('tls', t.tlsMs === null ? null : atMs + t.tlsMs);
  add('wait', t.headersMs);
  add('first_word', t.firstTokenMs);
  add('rest', t.totalMs);
  return phases;
}
