import { isSightProven } from './culprit-prober.ts';
import { addEvent, type Draft } from './draft.ts';
import { isInMaintenance } from './maintenance.ts';
import { sayTime } from './sentence-time.ts';
import type { Look, State, Track } from './state.ts';

/**
 * An address or a heartbeat of the owner's own is nobody's route: it opens no incident and is no public matter. Its
 * owner hears when it is down, once that is confirmed as for any route, and when it is back.
 */

const backAfterLooks = 2;

export function tellOwnAddress(state: State, draft: Draft, track: Track, look: Look): void {
  if (!isOwn(track)) return;
  const downSinceMs = state.addressesDown.get(track.key);
  if (downSinceMs === undefined) {
    const run = runOf(track, 'bad');
    if (look.weight === 'bad' && isConfirmed(state, track, run)) goDown(state, draft, track, run);
  } else if (look.weight === 'good' && runOf(track, 'good').length >= backAfterLooks) {
    state.addressesDown.delete(track.key);
    say(state, draft, track, {
      what: 'back',
      sentence: `${markOf(track)}${nameOf(track)} works again after ${sayTime(state.nowMs - downSinceMs)}.`,
      startedAtMs: downSinceMs,
    });
  }
}

function isOwn({ probe, gateway, watched }: Track): boolean {
  // A test target that somebody else reports of is nobody's.
  if (probe === 'canary') return watched !== null;
  return (probe === 'http' || probe === 'heartbeat') && gateway === null;
}

function goDown(state: State, draft: Draft, track: Track, run: readonly Look[]): void {
  const startedAtMs = run[0]!.atMs;
  state.addressesDown.set(track.key, startedAtMs);
  const spanMs = run.at(-1)!.endMs - startedAtMs;
  const reason = `${run.length} checks in a row failed in ${sayTime(spanMs)}: ${run.at(-1)!.reason}`;
  say(state, draft, track, {
    what: 'down',
    sentence: `${markOf(track)}${nameOf(track)} is down: ${reason}.`,
    startedAtMs,
    reason,
  });
}

/** The latest looks of one kind, with nothing of the other between; oldest first. */
function runOf(track: Track, weight: 'good' | 'bad'): Look[] {
  const run: Look[] = [];
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.weight === weight) run.unshift(look);
    else if (look.weight !== 'neutral') break;
  }
  return run;
}

function isConfirmed(state: State, track: Track, run: readonly Look[]): boolean {
  const { policy } = state;
  const [first] = run;
  if (!first || run.length <= policy.confirm_times) return false;
  if (track.probe !== 'canary' && isInMaintenance(state, track)) return false;
  if (run.at(-1)!.atMs - first.atMs < policy.confirm_times * policy.confirm_after_ms * 0.75) return false;
  if (!run.some((look) => look.isNetwork)) return true;
  if (state.vantages.get(first.vantage)?.isBlind) return false;
  return isSightProven(state, first.vantage, new Set([track.host]), first, run[2] ?? null);
}

/** Whoever reads it must not be startled. */
function markOf(track: Track): string {
  return track.probe === 'canary' ? 'Only a test: ' : '';
}

function nameOf(track: Track): string {
  if (track.probe === 'canary') return 'our own test target';
  const name = track.target.provider ?? '';
  return track.probe === 'heartbeat' ? `The heartbeat ${name}` : `Your address ${name}`;
}

interface Said {
  what: 'down' | 'back';
  sentence: string;
  startedAtMs: number;
  reason?: string;
}

function say(state: State, draft: Draft, track: Track, { what, sentence, startedAtMs, reason }: Said): void {
  addEvent(state, draft, {
    id: `notice:${track.key}:${what}:${startedAtMs}`,
    type: 'notice',
    scope: { kind: track.probe === 'canary' ? 'prober' : 'http', id: track.target.provider ?? '' },
    impact: what === 'down' && track.probe !== 'canary' ? 'major_outage' : null,
    isPublic: false,
    sentence,
    ...(reason === undefined ? {} : { reason }),
    startedAtMs,
    data: { what, name: track.target.provider ?? '', ...receiversOf(track) },
  });
}

/** The test alarm goes to whom it names and to nobody else. */
function receiversOf({ probe, watched }: Track): { receivers?: string[] } {
  const tell = probe === 'canary' ? watched?.options.tell : undefined;
  return Array.isArray(tell) ? { receivers: tell.filter((one) => typeof one === 'string') } : {};
}
