import { alarmed, type Finding, findCulprits } from './culprit.ts';
import type { Draft } from './draft.ts';
import {
  isSameScope,
  type Opening,
  openIncident,
  refineIncident,
  resolveIncident,
  widenIncident,
} from './incident.ts';
import type { Case, Look, State, Track } from './state.ts';
import { isExplained } from './state-unit.ts';

/** From a suspicion to an incident: opens, refines, or leaves alone what is told already. */

const researchMs = 2_000;

function isOpenFailing(one: Case): boolean {
  return one.nature === 'failing' && one.incident.status === 'open';
}

export function searchAfter(state: State, draft: Draft, track: Track, look: Look): void {
  if (look.weight !== 'bad' || !look.counts || isExplained(state, track)) return;
  // While its incident is young a search may still refine it, but not with every look.
  if (track.cases.some(isOpenFailing) && state.nowMs - state.searchedAtMs < researchMs) return;
  if (track.probe === 'completion') search(state, draft, track);
  else searchPlane(state, draft, track);
}

/** A sign that our own connection works may free a search that waited for it. */
export function searchAgain(state: State, draft: Draft): void {
  const track = state.awaitingProof;
  if (track === null) return;
  state.awaitingProof = null;
  search(state, draft, track);
}

function search(state: State, draft: Draft, track: Track): void {
  const [strongest] = alarmed(state, track);
  if (!strongest) return;
  state.searchedAtMs = state.nowMs;
  for (const finding of findCulprits(state, strongest.startAtMs)) {
    if (finding.awaitsProof) state.awaitingProof = track;
    if (finding.isEnough) settle(state, draft, finding);
  }
}

function settle(state: State, draft: Draft, finding: Finding): void {
  const opening: Opening = {
    scope: finding.scope,
    nature: 'failing',
    members: finding.members,
    startedAtMs: finding.fromMs,
    confidence: finding.confidence,
    candidates: finding.candidates,
  };
  const open = state.cases.filter((one) => one.incident.status === 'open');
  const same = open.find((one) => isSameScope(one.incident.scope, finding.scope));
  if (same) {
    settleSame(state, draft, same, opening);
    return;
  }
  if (open.some((one) => covers(one, finding) && !isBetterNarrow(state, one, finding))) return;
  const related = open.filter((one) => isSameFault(state, one, finding));
  const [first, ...rest] = related;
  if (!first) {
    openIncident(state, draft, opening);
    return;
  }
  refineIncident(state, draft, first, opening);
  for (const one of rest) resolveIncident(state, draft, one, 'Part of a larger fault, told there.');
}

function settleSame(state: State, draft: Draft, same: Case, opening: Opening): void {
  const isMilder = same.nature !== 'failing';
  const isNewlyVia = (opening.scope.via ?? null) !== (same.incident.scope.via ?? null);
  if (isMilder || (isNewlyVia && !same.incident.pinned.includes('scope'))) {
    refineIncident(state, draft, same, opening);
  } else if (same.isPlaneOnly) widenIncident(state, draft, same, opening.members);
}

/** Told already by something larger. */
function covers(one: Case, finding: Finding): boolean {
  if (one.nature !== 'failing') return false;
  return finding.members.every((track) => one.members.has(track));
}

/** A young incident that named too much gives way to what fits better. */
function isBetterNarrow(state: State, one: Case, finding: Finding): boolean {
  const ageMs = state.nowMs - one.incident.openedAtMs;
  if (ageMs > state.policy.young_ms || one.members.size === 0) return false;
  return (
    finding.score > state.policy.pooled_evidence + 6 && one.recovery >= 0.5 * state.policy.close_evidence
  );
}

/** Began at about the same time, and one contains the other. */
function isSameFault(state: State, one: Case, finding: Finding): boolean {
  if (one.incident.pinned.includes('scope')) return false;
  if (one.incident.scope.kind === 'prober') return false;
  const isNear = Math.abs(one.incident.startedAtMs - finding.fromMs) <= state.policy.join_ms;
  if (!isNear || state.nowMs - one.incident.openedAtMs > state.policy.young_ms) return false;
  const own = new Set(finding.members);
  const inside = [...one.members].filter((track) => own.has(track)).length;
  return inside > 0 && (inside === one.members.size || inside === own.size);
}

/** Lists and key checks: the gateway's own surface, or a provider's. */
function searchPlane(state: State, draft: Draft, track: Track): void {
  const [unit] = alarmed(state, track);
  if (!unit || track.account === null) return;
  const { policy } = state;
  const recent = unit.tracks.flatMap((one) =>
    one.looks.filter((look) => look.endMs >= unit.startMs && look.counts),
  );
  const bad = recent.filter((look) => look.weight === 'bad').sort((a, b) => a.atMs - b.atMs);
  const [first] = bad;
  const last = bad.at(-1);
  if (!first || !last || last.atMs - first.atMs < policy.span_ms || unit.sum < policy.single_evidence - 3)
    return;
  const others = [...(state.vantages.get(last.vantage)?.hosts ?? [])];
  const isSeen = others.some(
    ([name, host]) => name !== track.host && host.okAtMs > first.endMs && host.badRun === 0,
  );
  if (bad.every((look) => look.isNetwork) && !isSeen) return;
  const id = track.gateway ?? track.provider;
  if (id === null) return;
  const kind = track.gateway !== null ? 'gateway' : 'provider';
  if (
    state.cases.some((one) => one.incident.status === 'open' && isSameScope(one.incident.scope, { kind, id }))
  )
    return;
  openIncident(state, draft, {
    scope: { kind, id },
    nature: 'failing',
    members: unit.tracks.filter((one) => one.probe !== 'completion'),
    startedAtMs: first.atMs,
    confidence: 'medium',
    candidates: [],
    isPlaneOnly: true,
  });
}
