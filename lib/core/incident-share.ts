import { isAccountTrouble } from './culprit-account.ts';
import { isHeld } from './culprit-tally.ts';
import type { Evidence, Incident } from './plan.ts';
import type { Case, Look, State, Track, VantageState } from './state.ts';
import { wilson, z } from './statistics.ts';
import type { Impact } from './words.ts';

/** What the looks at a culprit say about it now. */
export interface Share {
  looks: number;
  bad: number;
  providers: number;
  firstBadAtMs: number;
  lastAtMs: number;
  byClass: Record<string, number>;
  sample: Evidence['sample'];
  working: string[];
  failing: string[];
  vantages: Map<string, { looks: number; bad: number }>;
}

/** Does this look show the fault the case is about? Null: it says nothing. */
export function bearsOn(
  state: State,
  one: Pick<Case, 'nature' | 'incident'>,
  track: Track,
  look: Look,
): 'bad' | 'good' | null {
  if (!look.counts || isToldApart(one, track)) return null;
  if (one.incident.scope.kind === 'account') {
    if (isAccountTrouble(look)) return 'bad';
    return look.weight === 'good' && look.keyed ? 'good' : null;
  }
  if (one.nature === 'limited' && look.weight === 'limited')
    return look.class === 'limited_key' ? null : 'bad';
  if (one.nature === 'slow' && look.isSlow) return 'bad';
  if (look.weight === 'bad') return isHeld(state, track, look) ? null : 'bad';
  return look.weight === 'good' ? 'good' : null;
}

/** Something smaller was out before this began: what its targets do is told there. */
function isToldApart(one: Pick<Case, 'incident'>, track: Track): boolean {
  if (track.cases.length < 2) return false;
  return track.cases.some(
    ({ nature, incident }) =>
      incident !== one.incident &&
      nature === 'failing' &&
      incident.isPublic &&
      one.incident.isPublic &&
      sizes[incident.scope.kind] < sizes[one.incident.scope.kind] &&
      incident.openedAtMs < one.incident.startedAtMs,
  );
}

const sizes: Record<Incident['scope']['kind'], number> = {
  gateway: 3,
  provider: 2,
  model: 2,
  route: 1,
  account: 0,
  prober: 0,
};

export function shareSince(
  state: State,
  one: Pick<Case, 'nature' | 'incident' | 'members'>,
  fromMs: number,
): Share {
  const share: Share = {
    looks: 0,
    bad: 0,
    providers: 0,
    firstBadAtMs: Number.POSITIVE_INFINITY,
    lastAtMs: 0,
    byClass: {},
    sample: null,
    working: [],
    failing: [],
    vantages: new Map(),
  };
  const providers = new Set<string>();
  for (const track of one.members) addTrack(state, one, track, fromMs, share, providers);
  share.providers = providers.size;
  return share;
}

function addTrack(
  state: State,
  one: Pick<Case, 'nature' | 'incident'>,
  track: Track,
  fromMs: number,
  share: Share,
  providers: Set<string>,
): void {
  let bad = 0;
  let good = 0;
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.endMs < fromMs) break;
    const bears = look.atMs < fromMs ? null : bearsOn(state, one, track, look);
    if (bears === null) continue;
    addLook(share, track, look, bears);
    if (bears === 'bad') bad += 1;
    else good += 1;
  }
  if (bad > 0) {
    providers.add(track.provider ?? 'any');
    share.failing.push(track.scopeId);
  }
  // What works is what can be called: a list or a key check is no route anybody could take.
  const isRoute = track.probe === 'completion';
  if (isRoute && bad === 0 && good > 0 && share.working.length < 12) share.working.push(track.scopeId);
}

function addLook(share: Share, track: Track, look: Look, bears: 'bad' | 'good'): void {
  const vantage = share.vantages.get(look.vantage) ?? { looks: 0, bad: 0 };
  share.vantages.set(look.vantage, vantage);
  vantage.looks += 1;
  share.looks += 1;
  share.lastAtMs = Math.max(share.lastAtMs, look.atMs);
  if (bears === 'good') return;
  vantage.bad += 1;
  share.bad += 1;
  share.byClass[look.class] = (share.byClass[look.class] ?? 0) + 1;
  share.firstBadAtMs = Math.min(share.firstBadAtMs, look.atMs);
  if (share.sample === null || worthOf(look) > worthOf(share.sample)) {
    share.sample = {
      status: look.status,
      message: look.message,
      provider: look.named,
      target: track.scopeId,
      generationId: look.generationId,
      edgeId: look.edgeId,
    };
  }
}

/** An error to quote: with words, and with a number under which the far side finds it. */
export function worthOf(
  one: Pick<NonNullable<Evidence['sample']>, 'message' | 'generationId' | 'edgeId'>,
): number {
  return (one.message === null ? 0 : 2) + (one.generationId || one.edgeId ? 1 : 0);
}

/** The present: the last minutes, or as far back as it takes to have enough looks. */
export function currentShare(
  state: State,
  one: Pick<Case, 'nature' | 'incident' | 'members'>,
  startMs: number,
): Share {
  const { policy, nowMs } = state;
  for (const windowMs of [policy.share_window_ms, 2 * policy.share_window_ms, 5 * policy.share_window_ms]) {
    const fromMs = Math.max(startMs, nowMs - windowMs);
    const share = shareSince(state, one, fromMs);
    const isPlain = share.bad === share.looks && share.looks >= policy.share_plain;
    if (share.looks >= policy.share_looks || isPlain || fromMs === startMs) return share;
  }
  return shareSince(state, one, Math.max(startMs, nowMs - 10 * policy.share_window_ms));
}

/** The first failure began the count, so it proves nothing about the share. */
export function majorBound(share: Share, isSelected: boolean): number {
  const drop = isSelected ? 1 : 0;
  return wilson(share.bad - drop, share.looks - drop, z.two90).low;
}

/** Only a minority of the places that look sees it. A place that has not looked yet is no witness for it. */
export function isRegional(state: State, share: Share): boolean {
  const live = [...state.vantages.values()].filter((one) => !one.isBlind && isLooking(state, one)).length;
  if (live < 2) return false;
  return 2 * badVantages(share).length <= live;
}

function isLooking(state: State, vantage: VantageState): boolean {
  for (const host of vantage.hosts.values()) {
    if (Math.max(host.okEndMs, host.badEndMs) >= state.nowMs - 2 * state.policy.blind_window_ms) return true;
  }
  return false;
}

export function badVantages(share: Share): string[] {
  return [...share.vantages]
    .filter(([, one]) => one.bad >= 2 && one.bad / one.looks >= 0.5 * (share.bad / share.looks))
    .map(([id]) => id)
    .sort();
}

/** The worst this case may be called. */
export function impactOf(
  state: State,
  one: Pick<Case, 'nature' | 'incident'>,
  share: Share,
  isPlaneOnly: boolean,
): Impact {
  const { policy } = state;
  if (one.nature !== 'failing' || isRegional(state, share)) return 'degraded';
  // Unless all failed, a few looks are too few for the worst word.
  const isTelling = share.bad === share.looks || share.looks >= policy.share_looks;
  const isSelected = share.firstBadAtMs >= one.incident.startedAtMs && share.bad > 0;
  if (!isPlaneOnly && isTelling && majorBound(share, isSelected) >= policy.major_share) return 'major_outage';
  return share.bad / Math.max(1, share.looks) >= policy.partial_share ? 'partial_outage' : 'degraded';
}
