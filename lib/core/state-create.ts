import { canonicalModel } from './canonical-model.ts';
import type { Fleet, Watched } from './fleet.ts';
import type { Observation, ProbeKind } from './observation.ts';
import type { GuardState } from './plan.ts';
import type { Policy } from './policy.ts';
import type { State, Track, UnitKind, VantageState } from './state.ts';
import { providerBase, routeScopeId, type TargetRef, targetId, targetKey } from './target.ts';

/** An empty state, and how targets enter it: as configured, or as observations bring them. */

export const calmGuard: GuardState = {
  state: 'normal',
  self: 'ok',
  openFraction: 0,
  maxOpenFraction: 0.5,
  reason: null,
  sinceMs: null,
};

export function createState(policy: Policy, fleet: Fleet): State {
  const state: State = {
    policy,
    fleet,
    nowMs: 0,
    tracks: new Map(),
    units: new Map(),
    vantages: new Map(),
    accounts: new Map(),
    cases: [],
    components: new Map(),
    guard: { ...calmGuard, maxOpenFraction: policy.model_open_share },
    held: { keys: new Set(), sinceMs: null, opened: [] },
    groupsOpen: new Set(),
    noise: { bad: 500 * policy.noise_share, looks: 500, share: policy.noise_share },
    nextScanMs: 0,
    nextFullMs: 0,
    nextOwnMs: 0,
    searchedAtMs: 0,
    nextNoticeMs: 0,
    noticedAtMs: new Map(),
    chainsTold: new Map(),
    addressesDown: new Map(),
    listed: new Map(),
    claims: new Map(),
    news: [],
    maintenance: [],
    rules: { rules: [], firing: new Map(), credit: new Map(), nextMs: 0 },
    isQuiet: false,
    isFrozen: false,
    awaitingProof: null,
  };
  for (const watched of fleet.watched) addTrack(state, watched.probe, watched.target, watched);
  return state;
}

/** The fleet changed: new targets appear, those no longer watched fall silent. */
export function setFleet(state: State, fleet: Fleet): void {
  const kept = new Set(fleet.watched.map((watched) => internKey(watched.probe, watched.target)));
  for (const [key, track] of state.tracks) track.isRemoved = !kept.has(key);
  state.fleet = fleet;
  for (const watched of fleet.watched) addTrack(state, watched.probe, watched.target, watched);
}

export function trackFor(state: State, o: Observation): Track {
  return state.tracks.get(internKey(o.probe, o.target)) ?? addTrack(state, o.probe, o.target, null);
}

/** Cheap to build; the published key is worked out once per target. */
function internKey(probe: string, t: TargetRef): string {
  return `${probe}\n${t.gateway}\n${t.provider}\n${t.model}\n${t.api ?? ''}\n${t.region ?? ''}`;
}

function addTrack(state: State, probe: ProbeKind, target: TargetRef, watched: Watched | null): Track {
  const key = internKey(probe, target);
  const known = state.tracks.get(key);
  if (known) {
    known.isRemoved = false;
    if (watched) takeWatched(known, watched);
    return known;
  }
  const track = blankTrack(state, probe, target);
  if (watched) takeWatched(track, watched);
  state.tracks.set(key, track);
  joinUnits(state, track);
  joinAccount(state, track);
  return track;
}

function takeWatched(track: Track, watched: Watched): void {
  track.watched = watched;
  track.everyMs = watched.everyMs;
  track.isEveryKnown = true;
}

function blankTrack(state: State, probe: ProbeKind, target: TargetRef): Track {
  const isRoute = probe === 'completion';
  const isDirect = target.gateway === 'direct';
  const isPinned = isRoute && target.provider !== null && target.provider !== 'any';
  const provider = isPinned ? providerBase(target.provider!) : null;
  return {
    key: targetKey(probe, target),
    probe,
    target,
    id: targetId(target),
    scopeId: routeScopeId(target),
    gateway: target.gateway === null || isDirect ? null : target.gateway,
    provider: provider ?? (isDirect ? target.provider : null),
    model: isRoute && target.model !== null ? canonicalModel(target.model) : null,
    isPinned,
    isDirect,
    account: accountOf(probe, target),
    host: hostOf(probe, target),
    watched: null,
    everyMs: state.policy.default_every_ms,
    isEveryKnown: false,
    looks: [],
    units: [],
    baseline: { samples: [], next: 0, median: null, mad: 0, stale: 0 },
    route: null,
    cases: [],
    ewmaMs: null,
    isRemoved: false,
    lastSlotAtMs: 0,
  };
}

/** A further key of the same gateway is an account of its own, to compare with. */
function accountOf(probe: ProbeKind, target: TargetRef): string | null {
  if (target.gateway === 'direct') return `direct/${target.provider}`;
  const isFurtherKey = probe === 'account' && target.provider !== null;
  return isFurtherKey ? `${target.gateway}#${target.provider}` : target.gateway;
}

function hostOf(probe: ProbeKind, target: TargetRef): string {
  switch (probe) {
    case 'control':
      return `control/${target.provider}`;
    case 'official':
      return `official/${target.gateway ?? ''}/${target.provider ?? ''}`;
    case 'http':
    case 'heartbeat':
      return `${probe}/${target.provider ?? target.gateway}`;
    default:
      return target.gateway === 'direct' ? `direct/${target.provider}` : (target.gateway ?? 'none');
  }
}

function joinUnits(state: State, track: Track): void {
  if (track.probe === 'catalog' || track.probe === 'account') {
    if (track.gateway !== null) join(state, track, 'plane', track.gateway);
    else if (track.provider !== null) join(state, track, 'provider', track.provider);
    return;
  }
  if (track.probe !== 'completion') return;
  if (track.gateway !== null) join(state, track, 'gateway', track.gateway);
  if (track.provider !== null) join(state, track, 'provider', track.provider);
  if (track.model !== null) join(state, track, 'model', track.model);
  join(state, track, 'route', track.id);
}

function join(state: State, track: Track, kind: UnitKind, id: string): void {
  const key = `${kind}:${id}`;
  let unit = state.units.get(key);
  if (!unit) {
    unit = {
      key,
      kind,
      id,
      tracks: [],
      sum: 0,
      startMs: 0,
      startAtMs: 0,
      looks: 0,
      bad: 0,
      calm: 0,
      hour: [],
      days: [],
      component: null,
      judgedAtMs: 0,
    };
    state.units.set(key, unit);
  }
  unit.tracks.push(track);
  track.units.push(unit);
}

function joinAccount(state: State, track: Track): void {
  if (track.account === null || (track.probe !== 'completion' && track.probe !== 'account')) return;
  let account = state.accounts.get(track.account);
  if (!account) {
    account = {
      id: track.account,
      gateway: track.gateway ?? 'direct',
      tracks: [],
      refusedSinceMs: null,
      verdict: 'fine',
    };
    state.accounts.set(track.account, account);
  }
  account.tracks.push(track);
}

export function vantageFor(state: State, id: string): VantageState {
  let vantage = state.vantages.get(id);
  if (!vantage) {
    vantage = {
      id,
      hosts: new Map(),
      isBlind: false,
      blindSinceMs: null,
      seeingSinceMs: null,
      dark: null,
      stalls: [],
    };
    state.vantages.set(id, vantage);
  }
  return vantage;
}
