import type { CoreEvent, Incident } from './plan.ts';
import { keysOf } from './routing-match.ts';

/** Silence about one thing, whoever would be told: kept as a note by whoever mutes, read by whoever addresses. */
export interface ScopeMute {
  /** `kind:id`. */
  scope: string;
  untilMs: number;
  by: string;
}

export const muteNote = 'edge.mutes';
const mostMutes = 200;

/** A note that cannot be read mutes nothing. */
export function readMutes(noted: string | null, nowMs: number): ScopeMute[] {
  if (noted === null) return [];
  try {
    const list: unknown = JSON.parse(noted);
    return Array.isArray(list) ? list.filter((one) => isMute(one) && one.untilMs > nowMs) : [];
  } catch {
    return [];
  }
}

function isMute(one: unknown): one is ScopeMute {
  const { scope, untilMs, by } = (one ?? {}) as Record<string, unknown>;
  return typeof scope === 'string' && typeof untilMs === 'number' && typeof by === 'string';
}

/** The list with one more, or with one's end moved; ended at once it is gone. */
export function withMute(mutes: readonly ScopeMute[], mute: ScopeMute, nowMs: number): ScopeMute[] {
  const others = mutes.filter((one) => one.scope !== mute.scope && one.untilMs > nowMs);
  return [...others, ...(mute.untilMs > nowMs ? [mute] : [])].slice(-mostMutes);
}

/**
 * Until when nothing is said about this event, or null. What is muted is the culprit: an outage of the gateway that
 * also drags a muted provider down is told.
 */
export function mutedUntil(
  mutes: readonly ScopeMute[],
  event: CoreEvent,
  incident: Incident | null,
  nowMs: number,
): number | null {
  if (mutes.length === 0) return null;
  const keys = keysOf(event, incident && { ...incident, affected: [] });
  const ends = mutes.filter((one) => one.untilMs > nowMs && keys.has(one.scope)).map((one) => one.untilMs);
  return ends.length === 0 ? null : Math.max(...ends);
}
