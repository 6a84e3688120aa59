import { sha256Hex } from '../core/message-id.ts';
import type { EventType } from '../core/plan.ts';
import type { Channel, SendFault } from './channel.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits between tries. Circuit news is worthless soon; what happened to an incident is not. */
const circuitWaits = [2 * second, 10 * second, 30 * second, 2 * minute, 8 * minute];
const longWaits = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, 2 * hour, 5 * hour];
const longStepMs = 10 * hour;

/** How long after the event a channel still tries. */
const endsAfterMs: Record<Channel['patience'], number> = {
  webhook: 72 * hour,
  chat: 2 * hour,
  email: 24 * hour,
};

export function isCircuitNews(type: EventType): boolean {
  return /^(circuit|target|group|guard)\./.test(type);
}

export type Retry = { again: true; atMs: number } | { again: false; reason: string };

/** After a failed try: when to try again, or why not. `attempts` counts this one. */
export function planRetry(query: {
  id: string;
  type: EventType;
  patience: Channel['patience'];
  fault: SendFault;
  attempts: number;
  firstDueAtMs: number;
  notAfterMs: number | null;
  nowMs: number;
}): Retry {
  const { fault, attempts, nowMs, patience } = query;
  if (fault.permanent) return { again: false, reason: `${fault.text}: trying again cannot help` };
  if (fault.mostTries !== null && attempts >= fault.mostTries)
    return { again: false, reason: `${fault.text} ${attempts} times` };
  const isCircuit = isCircuitNews(query.type);
  const waits = isCircuit ? circuitWaits : longWaits;
  const planned = waits[attempts - 1] ?? (isCircuit ? null : longStepMs);
  if (planned === null) return { again: false, reason: `${fault.text} after ${attempts} tries` };
  const waitMs = asked(fault, spread(planned, `${query.id}:${attempts}`), patience);
  const atMs = nowMs + waitMs;
  const endMs = Math.min(
    query.notAfterMs ?? Number.POSITIVE_INFINITY,
    query.firstDueAtMs + endsAfterMs[patience],
  );
  if (atMs > endMs)
    return { again: false, reason: `${fault.text}; too old to try again after ${attempts} tries` };
  return { again: true, atMs };
}

/** The receiver may ask for more time than planned, never for less, and not for ever. */
function asked(fault: SendFault, plannedMs: number, patience: Channel['patience']): number {
  const isLimited = fault.code === 'http_429' || fault.isTimeout;
  const leastMs = isLimited ? Math.max(plannedMs, minute) : plannedMs;
  if (fault.retryAfterMs === null) return leastMs;
  const mostMs = patience === 'chat' ? 10 * minute : hour;
  // An explicit wish replaces the caution of a minute: Slack's "Retry-After: 30" means thirty.
  return Math.min(Math.max(fault.retryAfterMs, plannedMs), Math.max(mostMs, plannedMs));
}

/** ± 20 %, decided by the message itself: a restart plans the same instant. */
function spread(waitMs: number, seed: string): number {
  const share = Number.parseInt(sha256Hex(seed).slice(0, 8), 16) / 2 ** 32;
  return Math.round(waitMs * (0.8 + 0.4 * share));
}
