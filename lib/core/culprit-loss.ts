import type { Policy } from './policy.ts';
import type { Darkness, Look, State, Track, VantageState } from './state.ts';
import { logRatio, wilson, z } from './statistics.ts';

/**
 * A connection of ours that loses a part of everything: no host is ever dark for long, and all fail alike. One far side
 * that is down looks different, for then all the others work.
 */

export interface HostLook {
  atMs: number;
  endMs: number;
  isBad: boolean;
}

interface Count {
  isControl: boolean;
  looks: number;
  bad: number;
}

const windowMs = 180_000;
/** Remembered of one host: three minutes of the quickest controls. */
const kept = 48;

export function noteHostLook(recent: HostLook[], look: HostLook): void {
  recent.push(look);
  if (recent.length > kept) recent.shift();
}

function countSince(
  vantage: VantageState,
  sinceMs: number,
  except: ReadonlySet<string>,
  untilMs = Number.POSITIVE_INFINITY,
): Count[] {
  const counts: Count[] = [];
  for (const [name, host] of vantage.hosts) {
    if (except.has(name)) continue;
    const count: Count = { isControl: host.isControl, looks: 0, bad: 0 };
    for (const look of host.recent) {
      if (look.atMs < sinceMs || look.atMs > untilMs) continue;
      count.looks += 1;
      if (look.isBad) count.bad += 1;
    }
    if (count.looks > 0) counts.push(count);
  }
  return counts;
}

function sum(counts: readonly Count[]): { looks: number; bad: number } {
  return {
    looks: counts.reduce((all, one) => all + one.looks, 0),
    bad: counts.reduce((all, one) => all + one.bad, 0),
  };
}

/** The share every host loses alike, or null where the failures belong to one of them. */
export function lossOf(state: State, vantage: VantageState): number | null {
  const sinceMs = Math.max(state.nowMs - windowMs, vantage.seeingSinceMs ?? 0);
  const counts = countSince(vantage, sinceMs, new Set());
  // One far side and one control may each be down of themselves.
  const rest = withoutWorst(withoutWorst(counts, false), true);
  const { looks, bad } = sum(rest);
  const telling = rest.filter((one) => one.looks >= 3);
  if (bad < 3 || telling.length < 2) return null;
  const share = Math.min(0.95, bad / looks);
  if (share <= state.noise.share) return null;
  if (logRatio(bad, looks, share, state.noise.share) < state.policy.loss_evidence) return null;
  return 2 * telling.filter((one) => one.bad > 0).length > telling.length ? share : null;
}

function withoutWorst(counts: Count[], isControl: boolean): Count[] {
  let worst: Count | null = null;
  for (const one of counts) {
    if (one.isControl === isControl && (worst === null || one.bad > worst.bad)) worst = one;
  }
  return counts.filter((one) => one !== worst);
}

/** What failed on the network at these hosts, and since when. */
export interface Suspected {
  hosts: ReadonlySet<string>;
  fromMs: number;
  looks: number;
  bad: number;
  /** Only some of what these hosts serve: a connection that fails is seldom so choosy. */
  isNarrow: boolean;
  /** Most of them over a connection that stood. */
  isSent: boolean;
  /** How long a failing look hung: a younger one that answered is no witness, for the others still hang. */
  hangMs: number;
}

/** Do the other hosts lose as these do? Then it may be us: they must speak for our connection, clearly. */
export function isSharedByOthers(state: State, vantageId: string, suspected: Suspected): boolean {
  const vantage = state.vantages.get(vantageId);
  if (!vantage) return false;
  const { bad, looks } = suspected;
  const noise = state.noise.share;
  const share = shareOf(bad, looks);
  const untilMs = share >= totalShare ? state.nowMs : state.nowMs - suspected.hangMs;
  const counts = countSince(vantage, suspected.fromMs, suspected.hosts, untilMs);
  const others = sum(counts);
  const hasControls = counts.filter((one) => one.isControl).length >= 2;
  const asked = proofAsked(state.policy, hasControls, suspected);
  const all = Math.max(noise, shareOf(bad + others.bad, looks + others.looks));
  const ours = chance(bad + others.bad, looks + others.looks, all);
  const theirs = chance(bad, looks, share) + chance(others.bad, others.looks, noise);
  return ours - theirs > -asked;
}

function proofAsked(policy: Policy, hasControls: boolean, { isNarrow, isSent }: Suspected): number {
  if (!hasControls) return policy.proof_evidence_scant;
  if (isNarrow) return policy.proof_evidence_narrow;
  return isSent ? policy.proof_evidence_sent : policy.proof_evidence;
}

/** What these failures, one after the other, make one suspect. */
export function suspectedOf(
  bad: readonly Look[],
  of: Pick<Suspected, 'hosts' | 'looks' | 'bad' | 'isNarrow'>,
): Suspected {
  return {
    ...of,
    fromMs: bad[0]?.atMs ?? 0,
    isSent: 2 * bad.filter((look) => look.isSent).length > bad.length,
    hangMs: Math.max(...bad.map((look) => look.endMs - look.atMs)),
  };
}

const totalShare = 0.85;

function shareOf(bad: number, looks: number): number {
  return Math.min(0.95, bad / Math.max(1, looks));
}

function chance(bad: number, looks: number, share: number): number {
  return bad * Math.log(share) + (looks - bad) * Math.log(1 - share);
}

/** As it is when it begins: what was seen since the first failure. */
export function darknessOf(vantage: VantageState): Darkness {
  const { looks, bad } = sum(countSince(vantage, vantage.blindSinceMs ?? 0, new Set()));
  return { bad, looks, tail: 0, goodSinceMs: null, recovery: 0, longestMs: 0 };
}

/** What is seen while our connection is down: when enough of it is good, it is back. */
export function noteDark(state: State, vantage: VantageState, track: Track, look: Look): void {
  const dark = vantage.dark;
  if (dark === null) return;
  const isBad = look.isNetwork || (track.probe === 'control' && look.weight === 'bad');
  if (!isBad && (look.class === 'aborted' || look.class === 'inconclusive')) return;
  if (isBad) {
    dark.longestMs = Math.min(longestWaitMs, Math.max(dark.longestMs, look.endMs - look.atMs));
    // One that began before the first good one tells of then, not of now.
    if (dark.goodSinceMs !== null && look.atMs < dark.goodSinceMs) return;
    dark.bad += 1;
    dark.looks += 1 + dark.tail;
    dark.tail = 0;
    dark.recovery = 0;
    dark.goodSinceMs = null;
    return;
  }
  dark.goodSinceMs ??= look.atMs;
  dark.tail += 1;
  const share = Math.min(
    0.95,
    Math.max(0.1, wilson(dark.bad, Math.max(dark.bad, dark.looks), z.lower90).low),
  );
  dark.recovery += Math.log((1 - state.noise.share) / (1 - share));
}

const longestWaitMs = 35_000;

/** So many good looks in a row do not come from a connection that is still down, nor do bad ones hang in the air. */
export function isLightAgain(state: State, vantage: VantageState): boolean {
  const { dark } = vantage;
  if (dark === null) return true;
  if (dark.goodSinceMs === null || dark.recovery < state.policy.close_evidence) return false;
  const isTotal = dark.bad >= 0.9 * dark.looks;
  return isTotal || state.nowMs - dark.goodSinceMs >= dark.longestMs;
}
