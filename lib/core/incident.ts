import { addEvent, type Draft } from './draft.ts';
import { badVantages, bearsOn, currentShare, impactOf, isRegional, type Share } from './incident-share.ts';
import { reasonOf, titleOf, witnessesOf } from './incident-text.ts';
import type { Evidence, Incident, Scope } from './plan.ts';
import { incidentLine } from './sentence.ts';
import type { Case, Look, Nature, State, Track } from './state.ts';
import { resetUnit } from './state-unit.ts';
import { factId, wilson, z } from './statistics.ts';
import type { ConfidenceLevel, Impact } from './words.ts';

/** The life of an incident: opened, changed, unstable, resolved, continued. One at most per culprit is open. */

export interface Opening {
  scope: Scope;
  nature: Nature;
  members: Track[];
  startedAtMs: number;
  confidence: ConfidenceLevel;
  candidates: Scope[];
  isPlaneOnly?: boolean;
  /** Said by the caller where the counts alone do not say it. */
  impact?: Impact;
  reason?: string;
}

export function openIncident(state: State, draft: Draft, opening: Opening): Case {
  const before = state.cases.find(
    (one) => one.incident.status === 'resolved' && isSameScope(one.incident.scope, opening.scope),
  );
  if (before && state.nowMs - (before.incident.resolvedAtMs ?? 0) <= state.policy.continue_ms) {
    return reopen(state, draft, before, opening);
  }
  const one = newCase(state, opening);
  state.cases.push(one);
  attach(one, opening.members);
  weigh(state, one, opening);
  write(one, 'opened', state.nowMs);
  announce(state, draft, one, 'incident.opened', 'opened');
  return one;
}

function newCase(state: State, opening: Opening): Case {
  const { scope, startedAtMs } = opening;
  const incident: Incident = {
    id: `i${factId(`${scope.kind}:${scope.id}:${startedAtMs}`)}`,
    scope,
    impact: opening.impact ?? 'degraded',
    status: 'open',
    isUnstable: false,
    isPublic: scope.kind !== 'account' && scope.kind !== 'prober',
    confidence: opening.confidence,
    startedAtMs,
    openedAtMs: state.nowMs,
    resolvedAtMs: null,
    title: '',
    reason: opening.reason ?? '',
    evidence: emptyEvidence(opening.candidates),
    timeline: [],
    affected: [],
    acknowledgedBy: null,
    pinned: [],
  };
  return {
    incident,
    nature: opening.nature,
    members: new Set(),
    tail: 0,
    isPlaneOnly: opening.isPlaneOnly ?? false,
    recovery: 0,
    bad: 0,
    looks: 0,
    lastBadAtMs: startedAtMs,
    firstGoodMs: null,
    goodSinceMs: null,
    lastBadBeganMs: startedAtMs,
    returns: [],
    askedAtMs: 0,
    weighedAtMs: 0,
    savedAtMs: 0,
    changes: 0,
    downgradeSinceMs: null,
    majorSinceMs: null,
  };
}

export function emptyEvidence(candidates: Scope[]): Evidence {
  return {
    failed: 0,
    total: 0,
    providers: 0,
    windowMs: 0,
    byClass: {},
    sample: null,
    working: [],
    witnesses: [],
    candidates,
  };
}

function attach(one: Case, members: Iterable<Track>): void {
  for (const track of members) {
    one.members.add(track);
    if (!track.cases.includes(one)) track.cases.push(one);
  }
}

function detach(one: Case): void {
  for (const track of one.members) track.cases = track.cases.filter((other) => other !== one);
}

/** First count of a case: what its members showed since it began. */
function weigh(state: State, one: Case, opening: Opening): void {
  const share = currentShare(state, one, one.incident.startedAtMs);
  one.bad = share.bad;
  one.looks = Math.max(share.bad, share.looks);
  takeEvidence(state, one, share);
  setImpact(one, opening.impact ?? settledImpact(state, one, share));
  setTexts(state, one, share, opening.reason);
  one.lastBadAtMs = state.nowMs;
}

function takeEvidence(state: State, one: Case, share: Share): void {
  const { incident } = one;
  const candidates = incident.evidence.candidates;
  incident.evidence = {
    failed: share.bad,
    total: share.looks,
    providers: share.providers,
    windowMs: Math.max(
      1_000,
      state.nowMs -
        Math.max(
          incident.startedAtMs,
          share.firstBadAtMs === Number.POSITIVE_INFINITY ? 0 : share.firstBadAtMs,
        ),
    ),
    byClass: share.byClass,
    sample: share.sample ?? incident.evidence.sample,
    working: workingBeside(state, one, share),
    witnesses: witnessesOf(state, incident),
    candidates,
  };
  incident.affected = [...new Set([...incident.affected, ...share.failing])].sort();
}

/** What works meanwhile: inside the culprit, then outside it, direct routes first. */
function workingBeside(state: State, one: Case, share: Share): string[] {
  const outside: string[] = [];
  for (const track of state.tracks.values()) {
    if (track.probe !== 'completion' || one.members.has(track) || track.isRemoved) continue;
    const last = track.looks.at(-1);
    if (last && last.weight === 'good' && last.endMs >= one.incident.startedAtMs) {
      if (track.isDirect) outside.unshift(track.scopeId);
      else outside.push(track.scopeId);
    }
  }
  return [...share.working, ...outside].slice(0, 12);
}

function setTexts(state: State, one: Case, share: Share, reason?: string): void {
  const { incident } = one;
  const regions = isRegional(share) ? badVantages(share) : [];
  incident.reason = reason ?? reasonOf(incident, one.nature, regions);
  if (!incident.pinned.includes('title')) incident.title = titleOf(incident, one.nature);
  one.weighedAtMs = state.nowMs;
}

function setImpact(one: Case, impact: Impact): boolean {
  if (one.incident.impact === impact || one.incident.pinned.includes('impact')) return false;
  one.incident.impact = impact;
  return true;
}

type LineKind = Parameters<typeof incidentLine>[0];

function write(one: Case, kind: LineKind, atMs: number): void {
  one.incident.timeline.push({ atMs, kind, text: incidentLine(kind, one.incident), by: 'machine' });
}

export function announce(
  state: State,
  draft: Draft,
  one: Case,
  type: 'incident.opened' | 'incident.changed' | 'incident.resolved',
  kind: LineKind,
): void {
  const { incident } = one;
  draft.incidents.set(incident.id, incident);
  one.savedAtMs = state.nowMs;
  one.changes += 1;
  addEvent(state, draft, {
    id: `${type}:${incident.id}:${incident.timeline.length}`,
    type,
    scope: incident.scope,
    impact: incident.impact,
    incidentId: incident.id,
    isPublic: incident.isPublic,
    sentence: incidentLine(kind, incident),
    reason: incident.reason,
    startedAtMs: incident.startedAtMs,
    data: {
      what: kind,
      isUnstable: incident.isUnstable,
      confidence: incident.confidence,
      candidates: incident.evidence.candidates,
      ...(incident.resolvedAtMs === null ? {} : { endedAtMs: incident.resolvedAtMs }),
    },
  });
}

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
  one.tail = 0;
  one.lastBadAtMs = Math.max(one.lastBadAtMs, look.endMs);
  one.firstGoodMs = null;
  one.goodSinceMs = null;
  if (seemedOver) noteReturn(state, draft, one);
  if (one.nature !== 'failing' || one.incident.scope.kind === 'account') return;
  // Counting a large culprit anew with every look would cost more than it tells.
  const waitMs = one.incident.impact === 'major_outage' ? 10_000 : one.members.size > 40 ? 2_000 : 0;
  if (state.nowMs - one.weighedAtMs >= waitMs) reweigh(state, draft, one);
}

/** A look that hung since before the first good one tells of the fault, not of now. */
function isEcho(one: Case, share: number, look: Look): boolean {
  return share >= totalShare && one.tail >= 2 && one.goodSinceMs !== null && look.atMs < one.goodSinceMs;
}

const totalShare = 0.85;

/** Impact follows what is seen now; it falls only when it has been lower for a while. */
function reweigh(state: State, draft: Draft, one: Case): void {
  const share = currentShare(state, one, one.incident.startedAtMs);
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
  } else if (state.nowMs - one.savedAtMs >= 60_000) {
    draft.incidents.set(one.incident.id, one.incident);
    one.savedAtMs = state.nowMs;
  }
}

/** A share that only just makes a major outage must make it twice. */
function settledImpact(state: State, one: Case, share: Share): Impact {
  const impact = impactOf(state, one, share, one.isPlaneOnly);
  if (impact !== 'major_outage' || one.incident.impact === 'major_outage') {
    if (impact !== 'major_outage') one.majorSinceMs = null;
    return impact;
  }
  one.majorSinceMs ??= state.nowMs;
  const isPlain = share.bad === share.looks;
  const isSettled = isPlain || state.nowMs - one.majorSinceMs >= state.policy.major_dwell_ms;
  return isSettled ? impact : 'partial_outage';
}

const severity: Record<Impact, number> = { degraded: 0, partial_outage: 1, major_outage: 2 };

function noteGood(state: State, draft: Draft, one: Case, look: Look): void {
  if (look.atMs < one.lastBadAtMs - 60_000) return;
  one.tail += 1;
  one.firstGoodMs ??= look.endMs;
  one.goodSinceMs ??= look.atMs;
  one.recovery += Math.log((1 - state.noise.share) / (1 - effectiveShare(one)));
  if (isOver(state, one)) resolveIncident(state, draft, one);
}

/** Cautious: the lower end of what the failing share may be, for it decides how long to wait. */
function effectiveShare(one: Case): number {
  const bad = Math.max(0, one.bad - 1);
  const looks = Math.max(bad, one.looks - 1);
  return Math.min(0.95, Math.max(0.12, wilson(bad, looks, z.lower90).low));
}

function isOver(state: State, one: Case): boolean {
  const { policy } = state;
  const isTotal = effectiveShare(one) >= totalShare;
  const calmMs = state.nowMs - (isTotal ? one.lastBadBeganMs : one.lastBadAtMs);
  if (one.incident.isUnstable && calmMs < policy.flap_calm_ms) return false;
  const leastMs = isTotal ? policy.close_calm_total_ms : policy.close_calm_ms;
  if (one.recovery >= policy.close_evidence && one.tail >= 3 && calmMs >= leastMs) return true;
  return calmMs >= policy.close_at_latest_ms && one.tail >= 10;
}

export function resolveIncident(state: State, draft: Draft, one: Case, text?: string): void {
  const { incident } = one;
  incident.status = 'resolved';
  incident.resolvedAtMs = Math.max(incident.startedAtMs, one.firstGoodMs ?? state.nowMs);
  if (incident.isUnstable) incident.isUnstable = false;
  write(one, 'resolved', state.nowMs);
  if (text) incident.timeline.at(-1)!.text = text;
  detach(one);
  for (const track of one.members) for (const unit of track.units) resetUnit(unit);
  announce(state, draft, one, 'incident.resolved', 'resolved');
}

function reopen(state: State, draft: Draft, one: Case, opening: Opening): Case {
  const { incident } = one;
  incident.status = 'open';
  incident.resolvedAtMs = null;
  incident.confidence = opening.confidence;
  one.nature = opening.nature;
  one.recovery = 0;
  one.tail = 0;
  one.firstGoodMs = null;
  one.goodSinceMs = null;
  one.lastBadAtMs = state.nowMs;
  one.lastBadBeganMs = state.nowMs;
  one.isPlaneOnly = one.isPlaneOnly && (opening.isPlaneOnly ?? false);
  attach(one, [...one.members, ...opening.members]);
  const share = currentShare(state, one, opening.startedAtMs);
  takeEvidence(state, one, share);
  if (opening.impact) setImpact(one, opening.impact);
  else setImpact(one, impactOf(state, one, share, one.isPlaneOnly));
  setTexts(state, one, share, opening.reason);
  write(one, 'reopened', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'reopened');
  noteReturn(state, draft, one);
  return one;
}

function noteReturn(state: State, draft: Draft, one: Case): void {
  one.returns = [...one.returns.filter((at) => at > state.nowMs - 3_600_000), state.nowMs];
  if (one.incident.isUnstable || one.returns.length < state.policy.flap_returns) return;
  one.incident.isUnstable = true;
  write(one, 'unstable', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'unstable');
}

/** The same incident under a better name: no second one is opened. */
export function refineIncident(state: State, draft: Draft, one: Case, opening: Opening): void {
  const { incident } = one;
  if (!incident.pinned.includes('scope')) incident.scope = opening.scope;
  incident.isPublic = incident.scope.kind !== 'account' && incident.scope.kind !== 'prober';
  incident.confidence = opening.confidence;
  incident.startedAtMs = Math.min(incident.startedAtMs, opening.startedAtMs);
  incident.evidence.candidates = opening.candidates;
  one.nature = opening.nature;
  detach(one);
  one.members = new Set();
  one.isPlaneOnly = opening.isPlaneOnly ?? false;
  attach(one, opening.members);
  const share = currentShare(state, one, incident.startedAtMs);
  one.bad = share.bad;
  one.looks = Math.max(share.bad, share.looks);
  one.recovery = 0;
  one.tail = 0;
  takeEvidence(state, one, share);
  setImpact(one, opening.impact ?? impactOf(state, one, share, one.isPlaneOnly));
  setTexts(state, one, share, opening.reason);
  write(one, 'changed', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'changed');
}

/** The gateway's lists failed before, now its calls do: the same incident, of more. */
export function widenIncident(state: State, draft: Draft, one: Case, members: Track[]): void {
  attach(one, members);
  one.isPlaneOnly = false;
  reweigh(state, draft, one);
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** An incident as stored, taken up again: its targets are found by its scope. */
export function resumeIncident(state: State, incident: Incident, members: Track[]): void {
  const one: Case = {
    ...newCase(state, {
      scope: incident.scope,
      nature: 'failing',
      members,
      startedAtMs: incident.startedAtMs,
      confidence: incident.confidence,
      candidates: incident.evidence.candidates,
    }),
    incident: structuredClone(incident),
    bad: Math.max(1, incident.evidence.failed),
    looks: Math.max(1, incident.evidence.total),
    lastBadAtMs: incident.resolvedAtMs ?? state.nowMs,
    changes: incident.timeline.length,
  };
  if (incident.impact === 'degraded' && incident.title.endsWith('is slow')) one.nature = 'slow';
  if (incident.impact === 'degraded' && incident.title.includes('(429)')) one.nature = 'limited';
  state.cases.push(one);
  if (incident.status === 'open') attach(one, members);
  else for (const track of members) one.members.add(track);
}
