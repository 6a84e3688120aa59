import { addEvent, type Draft } from './draft.ts';
import { newsBefore } from './incident-news.ts';
import { isReleased } from './incident-scope.ts';
import { badVantages, impactOf, isRegional, type Share, worthOf } from './incident-share.ts';
import { reasonOf, titleOf } from './incident-text.ts';
import { witnessesOf } from './incident-witness.ts';
import type { Evidence, Incident, Scope } from './plan.ts';
import { incidentLine } from './sentence.ts';
import type { Case, Nature, State, Track } from './state.ts';
import { factId, logRatio, wilson, z } from './statistics.ts';
import type { ConfidenceLevel, Impact } from './words.ts';

/** What an incident is made of: its members, its counts, its words. */

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

export function newCase(state: State, opening: Opening): Case {
  const { scope, startedAtMs } = opening;
  const incident: Incident = {
    id: freeId(state, `${scope.kind}:${scope.id}:${startedAtMs}`),
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
    siftedAtMs: 0,
    savedAtMs: 0,
    changes: 0,
    downgradeSinceMs: null,
    waveFromMs: startedAtMs,
    majorSinceMs: null,
  };
}

/** An incident that got a better name keeps its id, and a new one of its old name may begin with the same look. */
function freeId(state: State, facts: string): string {
  for (let n = 0; ; n++) {
    const id = `i${factId(n === 0 ? facts : `${facts}:${n}`)}`;
    if (!state.cases.some((one) => one.incident.id === id)) return id;
  }
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

export function attach(one: Case, members: Iterable<Track>): void {
  for (const track of members) {
    // What a person told as a fault of its own is not taken back.
    if (isReleased(one.incident, track)) continue;
    one.members.add(track);
    if (!track.cases.includes(one)) track.cases.push(one);
  }
}

export function detach(one: Case): void {
  for (const track of one.members) track.cases = track.cases.filter((other) => other !== one);
}

export function takeEvidence(state: State, one: Case, share: Share): void {
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
    sample: betterSample(incident.evidence.sample, share.sample),
    working: workingBeside(state, one, share),
    witnesses: witnessesOf(state, incident),
    candidates,
    catalog: newsBefore(state, incident, one.members),
  };
  incident.affected = [...new Set([...incident.affected, ...share.failing])].sort();
}

/** The newer one, unless the older can be looked up and the newer cannot. */
function betterSample(old: Evidence['sample'], fresh: Evidence['sample']): Evidence['sample'] {
  if (old === null || fresh === null) return fresh ?? old;
  return worthOf(old) > worthOf(fresh) ? old : fresh;
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

export function setTexts(state: State, one: Case, share: Share, reason?: string): void {
  const { incident } = one;
  const regions = isRegional(state, share) ? badVantages(share) : [];
  incident.reason = reason ?? reasonOf(incident, one.nature, regions);
  if (!incident.pinned.includes('title')) incident.title = titleOf(incident, one.nature);
  one.weighedAtMs = state.nowMs;
}

export function setImpact(one: Case, impact: Impact): boolean {
  if (one.incident.impact === impact || one.incident.pinned.includes('impact')) return false;
  one.incident.impact = impact;
  return true;
}

export const severity: Record<Impact, number> = { degraded: 0, partial_outage: 1, major_outage: 2 };

/** A share that only just makes a major outage must make it twice. */
export function settledImpact(state: State, one: Case, share: Share): Impact {
  const impact = impactOf(state, one, share, one.isPlaneOnly);
  if (impact !== 'major_outage' || one.incident.impact === 'major_outage') {
    if (impact !== 'major_outage') one.majorSinceMs = null;
    return impact;
  }
  if (isUsualRun(state, one, share)) return 'partial_outage';
  one.majorSinceMs ??= state.nowMs;
  const isPlain = share.bad === share.looks;
  const isSettled = isPlain || state.nowMs - one.majorSinceMs >= state.policy.major_dwell_ms;
  return isSettled ? impact : 'partial_outage';
}

/** A fault of two in five shows six failures in a row now and then: that makes it no worse. */
function isUsualRun(state: State, one: Case, share: Share): boolean {
  if (one.looks - one.bad < 2 || wilson(one.bad, one.looks, z.two90).low >= state.policy.major_share)
    return false;
  const usual = Math.min(0.95, Math.max(state.noise.share, one.bad / one.looks));
  const now = Math.min(0.98, share.bad / share.looks);
  return now <= usual || logRatio(share.bad, share.looks, now, usual) < state.policy.worse_evidence;
}

type LineKind = Parameters<typeof incidentLine>[0];

export function write(one: Case, kind: LineKind, atMs: number): void {
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

export function noteReturn(state: State, draft: Draft, one: Case): void {
  one.returns = [...one.returns.filter((at) => at > state.nowMs - 3_600_000), state.nowMs];
  if (one.incident.isUnstable || one.returns.length < state.policy.flap_returns) return;
  one.incident.isUnstable = true;
  write(one, 'unstable', state.nowMs);
  announce(state, draft, one, 'incident.changed', 'unstable');
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && a.id === b.id;
}
