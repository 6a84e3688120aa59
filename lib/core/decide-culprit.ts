import { alarmed, beganAt, type Finding, findCulprits, membersOf } from './culprit.ts';
import { isSharedByOthers, suspectedOf } from './culprit-loss.ts';
import { isHeld } from './culprit-tally.ts';
import type { Draft } from './draft.ts';
import {
  isSameScope,
  type Opening,
  openIncident,
  refineIncident,
  resolveIncident,
  widenIncident,
} from './incident.ts';
import type { Scope } from './plan.ts';
import type { Case, Look, State, Track } from './state.ts';
import { isExplained } from './state-unit.ts';
import { wilson, z } from './statistics.ts';

/** From a suspicion to an incident: opens, refines, or leaves alone what is told already. */

/** A search weighs every target: where there are hundreds, or where the incident stands for a while, it is made less often. */
const researchMs = 2_000;
const researchMsPerTarget = 10;
const researchShareOfAge = 0.1;

function isOpenFailing(one: Case): boolean {
  return one.nature === 'failing' && one.incident.status === 'open';
}

export function searchAfter(state: State, draft: Draft, track: Track, look: Look): void {
  if (look.weight !== 'bad' || !look.counts || isExplained(state, track)) return;
  // While its incident is young a search may still refine it, but not with every look.
  const told = track.cases.find(isOpenFailing);
  if (told && state.nowMs - state.searchedAtMs < researchWaitMs(state, told)) return;
  if (track.probe === 'completion') search(state, draft, track);
  else searchPlane(state, draft, track);
}

function researchWaitMs({ tracks, nowMs }: State, { incident }: Case): number {
  const ageMs = nowMs - incident.openedAtMs;
  return Math.max(researchMs, researchMsPerTarget * tracks.size, researchShareOfAge * ageMs);
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
  const open = state.cases.filter((one) => one.incident.status === 'open');
  const told = open.find((one) => isSameScope(one.incident.scope, finding.scope));
  if (told) {
    settleSame(state, draft, told, openingOf(finding));
    return;
  }
  const covering = open.find((one) => covers(one, finding));
  if (covering) {
    if (isBetterNarrow(state, covering, finding)) refineIncident(state, draft, covering, openingOf(finding));
    return;
  }
  const sibling = open.find((one) => isSibling(state, one, finding));
  if (sibling) {
    joinSiblings(state, draft, sibling, finding);
    return;
  }
  const parent = open.find((one) => isItsProvider(one, finding));
  if (parent) {
    widenProvider(state, draft, parent, finding);
    return;
  }
  const [first, ...rest] = open.filter((one) => isSameFault(state, one, finding));
  if (!first) {
    openIncident(state, draft, openingOf(finding));
    return;
  }
  refineIncident(state, draft, first, openingOf(finding));
  for (const one of rest) resolveIncident(state, draft, one, 'Part of a larger fault, told there.');
}

function openingOf(finding: Finding): Opening {
  return {
    scope: finding.scope,
    nature: 'failing',
    members: finding.members,
    startedAtMs: finding.fromMs,
    confidence: finding.confidence,
    candidates: finding.candidates,
  };
}

/** Another route of the same provider, or of the same model, is out already: two are no coincidence. */
function isSibling(state: State, one: Case, finding: Finding): boolean {
  if (one.incident.scope.kind !== 'route' || finding.scope.kind !== 'route' || one.nature !== 'failing')
    return false;
  if (one.incident.pinned.includes('scope')) return false;
  if (state.nowMs - one.incident.startedAtMs > state.policy.sibling_ms) return false;
  return commonScope(one, finding) !== null;
}

/** The provider is out already as it is reached one way, and now fails another way too: no second fault, and not the way's. */
function isItsProvider(one: Case, finding: Finding): boolean {
  const { scope, pinned } = one.incident;
  if (one.nature !== 'failing' || scope.kind !== 'provider' || pinned.includes('scope')) return false;
  return finding.scope.kind === 'route' && finding.failing.every((track) => track.provider === scope.id);
}

function widenProvider(state: State, draft: Draft, one: Case, finding: Finding): void {
  const scope: Scope = { kind: 'provider', id: one.incident.scope.id };
  refineIncident(state, draft, one, {
    ...openingOf(finding),
    scope,
    confidence: one.incident.confidence,
    members: membersOf(state, scope),
    startedAtMs: one.incident.startedAtMs,
    candidates: [],
  });
}

function commonScope(one: Case, finding: Finding): Scope | null {
  const [a] = one.members;
  const [b] = finding.members;
  if (!a || !b) return null;
  if (a.provider !== null && a.provider === b.provider) return { kind: 'provider', id: a.provider };
  // Nobody is pinned on either: what they share is the gateway's own choice.
  if (isUnpinned(a) && isUnpinned(b) && a.gateway === b.gateway) return { kind: 'gateway', id: a.gateway! };
  return a.model !== null && a.model === b.model ? { kind: 'model', id: a.target.model ?? '' } : null;
}

function isUnpinned(track: Track): boolean {
  return track.provider === null && track.gateway !== null && !track.isDirect;
}

function joinSiblings(state: State, draft: Draft, one: Case, finding: Finding): void {
  const scope = commonScope(one, finding)!;
  refineIncident(state, draft, one, {
    ...openingOf(finding),
    scope,
    // Of a gateway that fails where nobody is pinned, the pinned routes say neither that it goes on nor that it is over.
    ...(scope.kind === 'gateway'
      ? { members: [...one.members, ...finding.members], isPlaneOnly: true }
      : { members: membersOf(state, scope) }),
    startedAtMs: one.incident.startedAtMs,
    candidates: [],
  });
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
  return finding.failing.every((track) => one.members.has(track));
}

/** A young incident that named too much gives way to what explains the same looks clearly better. */
function isBetterNarrow(state: State, one: Case, finding: Finding): boolean {
  if (state.nowMs - one.incident.openedAtMs > state.policy.young_ms) return false;
  if (one.incident.pinned.includes('scope') || one.isPlaneOnly || finding.scope.kind === 'route')
    return false;
  const { kind, id } = one.incident.scope;
  const wide = finding.scores.get(`${kind}:${id}`) ?? 0;
  return finding.score >= wide + clearlyBetter;
}

const clearlyBetter = 5;

/** Began at about the same time, and one contains the other. */
function isSameFault(state: State, one: Case, finding: Finding): boolean {
  if (one.incident.pinned.includes('scope')) return false;
  if (one.incident.scope.kind === 'prober') return false;
  if (isRouteOf(state, one, finding)) return true;
  const isNear =
    Math.abs(one.incident.startedAtMs - finding.fromMs) <= state.policy.join_ms || isPartOf(one, finding);
  if (!isNear || state.nowMs - one.incident.openedAtMs > state.policy.young_ms) return false;
  const own = new Set(finding.members);
  // Of the told one only what failed counts: a direct route that works belongs to a provider and proves nothing here.
  const failing = [...one.members].map((track) => ({
    track,
    bad: failuresSince(track, one.incident.startedAtMs),
  }));
  const all = sumOf(failing);
  // One in four may be the noise that made the first name too large.
  if (all > 0 && sumOf(failing.filter(({ track }) => !own.has(track))) <= Math.floor(all / 4)) return true;
  return own.size > 0 && [...own].every((track) => one.members.has(track));
}

/** One route of it was out already, and was told as no more than that. */
function isRouteOf(state: State, one: Case, { scope, members }: Finding): boolean {
  if (one.nature !== 'failing' || one.incident.scope.kind !== 'route') return false;
  if (scope.kind !== 'provider' && scope.kind !== 'model') return false;
  if (state.nowMs - one.incident.startedAtMs > state.policy.sibling_ms) return false;
  return [...one.members].every((track) => members.includes(track));
}

/** It began while the larger one went on already, and fails no more than that does. */
function isPartOf(one: Case, finding: Finding): boolean {
  if (one.nature !== 'failing' || one.incident.startedAtMs < finding.fromMs) return false;
  return wilson(one.bad, one.looks, z.lower99).low <= 1.5 * (finding.bad / Math.max(1, finding.looks));
}

function failuresSince(track: Track, fromMs: number): number {
  return track.looks.filter((look) => look.weight === 'bad' && look.atMs >= fromMs).length;
}

function sumOf(failing: readonly { bad: number }[]): number {
  return failing.reduce((sum, { bad }) => sum + bad, 0);
}

/** A key that is refused says nothing of the surface while it may be our own key. */
function isTelling(state: State, track: Track, look: Look): boolean {
  if (!look.counts || (look.weight === 'bad' && isHeld(state, track, look))) return false;
  return look.weight === 'good' || look.weight === 'bad';
}

/** Others work meanwhile, and do not lose as these do. */
function isOurLineSound(
  state: State,
  { host }: Track,
  looks: readonly Look[],
  bad: readonly Look[],
): boolean {
  const [first] = bad;
  const last = bad.at(-1);
  if (!first || !last) return false;
  const others = [...(state.vantages.get(last.vantage)?.hosts ?? [])];
  const isSeen = others.some(
    ([name, other]) => name !== host && other.okAtMs > first.endMs && other.badRun === 0,
  );
  const { length } = looks.filter((look) => look.atMs >= first.atMs);
  const of = { hosts: new Set([host]), looks: length, bad: bad.length, isNarrow: true };
  return isSeen && !isSharedByOthers(state, last.vantage, suspectedOf(bad, of));
}

/** Lists and key checks: the gateway's own surface, or a provider's. */
function searchPlane(state: State, draft: Draft, track: Track): void {
  const [unit] = alarmed(state, track);
  if (!unit || track.account === null) return;
  const { policy } = state;
  // Only what fails: key checks that work say nothing about lists that do not.
  const failing = unit.tracks.filter((one) => failuresSince(one, unit.startAtMs) > 0);
  const recent = failing
    .flatMap((one) => one.looks.filter((look) => look.endMs >= unit.startMs && isTelling(state, one, look)))
    .sort((a, b) => a.endMs - b.endMs || a.atMs - b.atMs);
  if (recent.slice(-4).filter((look) => look.weight === 'bad').length < 3) return;
  const beganMs = beganAt(recent) ?? unit.startAtMs;
  const bad = recent
    .filter((look) => look.weight === 'bad' && look.atMs >= beganMs)
    .sort((a, b) => a.atMs - b.atMs);
  const [first] = bad;
  const last = bad.at(-1);
  if (!first || !last || bad.length < 3 || last.atMs - first.atMs < policy.span_ms) return;
  if (bad.some((look) => look.isNetwork) && !isOurLineSound(state, track, recent, bad)) return;
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
