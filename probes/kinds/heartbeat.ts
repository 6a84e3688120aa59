import { asNumber, asObject, asText } from '#lib/core/loose.ts';
import { blankObservation, type ErrorFacts } from '#lib/core/observation.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import type { Probe } from '../probe.ts';

/** The last word of somebody who reports in. It reaches the probe through its memory, or with the target itself. */
export interface Push {
  atMs: number;
  isUp: boolean;
  text: string | null;
}

export const pushMemoryKey = 'push';

/** Somebody pushes; this looks whether they still do. No socket is opened. */
export const heartbeat: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  if (typeof io.memory.get('sinceMs') !== 'number') io.memory.set('sinceMs', atMs);
  const sinceMs = io.memory.get('sinceMs') as number;
  const push = readPush(io.memory.get(pushMemoryKey)) ?? readPush(watched.options.lastPush);
  const everyMs = asNumber(watched.options.everyMs) ?? watched.everyMs;
  const graceMs = asNumber(watched.options.graceMs) ?? 60_000;
  const quietMs = atMs - (push?.atMs ?? sinceMs);
  const isLate = quietMs > everyMs + graceMs;
  const { probe, target } = watched;
  const base = blankObservation({
    atMs,
    vantage: io.vantage,
    probe,
    target,
    why: io.why,
    slot: io.slot,
    keyed: false,
  });
  // Before the first sign of life there is nothing to be late against: unknown, until its time is over.
  if (!push && !isLate) return { observation: { ...base, fault: 'aborted' } };
  const isGood = push?.isUp && !isLate;
  const error = isGood
    ? null
    : errorOf(isLate ? lateText(quietMs, push) : (push?.text ?? 'reported down'), isLate);
  return { observation: { ...base, reached: push ? 'done' : 'none', error } };
};

function lateText(quietMs: number, push: Push | null): string {
  const minutes = Math.max(1, Math.round(quietMs / 60_000));
  return push ? `no sign of life for ${minutes} min` : `never reported in, waiting for ${minutes} min`;
}

function readPush(value: unknown): Push | null {
  const o = asObject(value);
  const atMs = asNumber(o?.atMs);
  return o && atMs !== null ? { atMs, isUp: o.isUp !== false, text: asText(o.text) } : null;
}

function errorOf(text: string, isLate: boolean): ErrorFacts {
  return {
    code: isLate ? 'late' : 'reported_down',
    type: null,
    message: cleanLine(text, redactFamilies),
    provider: null,
    limit: null,
    attempt: null,
    body: null,
    inBand: false,
  };
}
