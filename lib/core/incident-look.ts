import { askWhetherOver } from './decide-asks.ts';
import type { Draft } from './draft.ts';
import { resolveIncident } from './incident.ts';
import {
  announce,
  noteReturn,
  setImpact,
  setTexts,
  settledImpact,
  severity,
  takeEvidence,
  write,
} from './incident-case.ts';
import { endIfRemnant } from './incident-remnant.ts';
import { bearsOn, currentShare } from './incident-share.ts';
import type { Policy } from './policy.ts';
import type { Case, Look, State, Track } from './state.ts';
import { wilson, z } from './statistics.ts';

/** Looks at the targets of an open incident: it goes on, it grows, or it is over. */

/** A look at a member of an open case: more of the same, or a sign that it is over. */
export function noteCases(state: State, draft: Draft, track: Track, look: Look): void {
  if (track.cases.length === 0) return;
  for (const one of [...track.cases]) {
    const bears = bearsOn(state, one, track, look);
    if (bears === null) continue;
    if (bears === 'bad') noteStillBad(state, draft, one, look);
    else noteGood(state, draft, one, look);
  }
}

function noteStillBad(state: State, draft: Draft, one: Case, look: Look): void {
  const { policy } = state;
  const seemedOver = one.recovery >= 0.7 * policy.close_evidence && look.endMs - one.lastBadAtMs >= 60_000;
  const share = effectiveShare(one);
  one.lastBadBeganMs = Math.max(one.lastBadBeganMs, look.atMs);
  if (isEcho(one, share, look)) return;
  one.recovery = Math.max(0, one.recovery - Math.log(share / state.noise.share));
  one.looks += one.tail + 1;
  one.bad += 1;
  if (one.looks > 200) {
    one.looks /= 2;
    one.bad /= 2;
  }
  if (one.incident.evidence.quietSinceMs) {
    one.incident.evidence.quietSinceMs = null;
    one.savedAtMs = 0;
  }
  one.tail = 0;
  one.lastBadAtMs = Math.max(one.lastBadAtMs, look.endMs);
  one.firstGoodMs = null;
  one.goodSinceMs = null;
  if (seemedOver) {
    one.waveFromMs = look.atMs;
    one.savedAtMs = 0;
    noteReturn(state, draft, one);
  }
  if (one.nature !== 'failing' || one.incident.scope.kind === 'account') return;
  if (endIfRemnant(state, draft, one, goodWeight(state, one))) return;
  // Counting a large culprit anew with every look would cost more than it tells.
  const waitMs = one.incident.impact === 'major_outage' ? 10_000 : one.members.size > 40 ? 2_000 : 0;
  if (state.nowMs - one.weighedAtMs >= waitMs) reweigh(state, draft, one);
}

/** How bad it is changes fast while it grows, and whoever reads it reads what was saved. */
const saveEveryMs = 5_000;

const quietMs = 60_000;

const totalShare = 0.85;
/** So many failures and no success before the end: total, though few looks cannot prove that share. */
const plainTotal = 5;

function isTotal(one: Case, share: number): boolean {
  return share >= totalShare || (one.bad >= plainTotal && one.bad >= one.looks);
}

/** A look that hung since before the first good one tells of the fault, not of now. */
function isEcho(one: Case, share: number, look: Look): boolean {
  return isTotal(one, share) && one.tail >= 2 && one.goodSinceMs !== null && look.atMs < one.goodSinceMs;
}

/** Impact follows what is seen now; it falls only when it has been lower for a while. */
export function reweigh(state: State, draft: Draft, one: Case): void {
  const share = currentShare(state, one, one.waveFromMs);
  takeEvidence(state, one, share);
  const impact = settledImpact(state, one, share);
  const isWorse = severity[impact] > severity[one.incident.impact];
  const isBetter = severity[impact] < severity[one.incident.impact];
  if (!isBetter) one.downgradeSinceMs = null;
  else one.downgradeSinceMs ??= state.nowMs;
  const isDue =
    isBetter && share.looks >= 10 && state.nowMs - one.downgradeSinceMs! >= 3 * state.policy.share_window_ms;
  const changed = (isWorse || isDue) && setImpact(one, impact);
  setTexts(state, one, share);
  if (changed) {
    write(one, 'changed', state.nowMs);
    announce(state, draft, one, 'incident.changed', 'changed');
  } else if (state.nowMs - one.savedAtMs >= saveEveryMs) {
    draft.incidents.set(one.incident.id, one.incident);
    one.savedAtMs = state.nowMs;
  }
}

function noteGood(state: State, draft: Draft, one: Case, look: Look): void {
  if (look.atMs < one.lastBadAtMs - 60_000) return;
  one.tail += 1;
  one.firstGoodMs ??= look.endMs;
  one.goodSinceMs ??= look.atMs;
  one.recovery += goodWeight(state, one);
  noteQuiet(state, draft, one);
  if (isOver(state, one)) resolveIncident(state, draft, one);
  else if (one.tail === 1 && one.bad >= one.looks) askWhetherOver(state, draft, one);
}

/** What comes and goes is not called over for minutes, but nobody is to read of failures that are long past. */
function noteQuiet(state: State, draft: Draft, one: Case): void {
  const { incident, firstGoodMs } = one;
  if (!incident.isUnstable || incident.evidence.quietSinceMs || firstGoodMs === null) return;
  if (state.nowMs - firstGoodMs < quietMs) return;
  incident.evidence.quietSinceMs = firstGoodMs;
  draft.incidents.set(incident.id, incident);
}

/** How much one good look speaks for its being over. */
function goodWeight(state: State, one: Case): number {
  return Math.log((1 - state.noise.share) / (1 - effectiveShare(one)));
}

/** Cautious: the lower end of what the failing share may be, for it decides how long to wait. */
function effectiveShare(one: Case): number {
  const bad = Math.max(0, one.bad - 1);
  const looks = Math.max(bad, one.looks - 1);
  return Math.min(0.95, Math.max(0.12, wilson(bad, looks, z.lower90).low));
}

function closeEvidence(policy: Policy, one: Case, wasTotal: boolean): number {
  if (one.members.size > 1) return policy.close_evidence_pooled;
  if (wasTotal) return policy.close_evidence;
  // Few failures and no success: total, or the bad luck of a fault that lets much through.
  return one.bad >= one.looks ? policy.close_evidence_few : policy.close_evidence_partial;
}

function isOver(state: State, one: Case): boolean {
  const { policy } = state;
  const wasTotal = isTotal(one, effectiveShare(one));
  const calmMs = state.nowMs - (wasTotal ? one.lastBadBeganMs : one.lastBadAtMs);
  if (one.incident.isUnstable && calmMs < policy.flap_calm_ms) return false;
  const isPlain = wasTotal || one.bad >= one.looks;
  const leastMs = isPlain ? policy.close_calm_total_ms : policy.close_calm_ms;
  if (one.recovery >= closeEvidence(policy, one, wasTotal) && one.tail >= 3 && calmMs >= leastMs) return true;
  return calmMs >= policy.close_at_latest_ms && one.tail >= 10;
}
