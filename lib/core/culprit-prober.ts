import { noteDark, noteHostLook } from './culprit-loss.ts';
import type { Look, State, Track, VantageState } from './state.ts';
import { vantageFor } from './state-create.ts';
import { uncount } from './state-unit.ts';

/** Is it us? Asked first: our own connection is counted over distinct hosts, never over targets. */

export function noteHost(state: State, track: Track, look: Look): void {
  const vantage = vantageFor(state, look.vantage);
  // A place on this machine says nothing about the line to others.
  if (track.probe === 'canary') return;
  let host = vantage.hosts.get(track.host);
  if (!host) {
    host = {
      isControl: track.probe === 'control',
      okAtMs: 0,
      okEndMs: 0,
      badAtMs: 0,
      badEndMs: 0,
      badSinceMs: 0,
      badRun: 0,
      recent: [],
    };
    vantage.hosts.set(track.host, host);
  }
  noteDark(state, vantage, track, look);
  const isBad = look.isNetwork || (track.probe === 'control' && look.weight === 'bad');
  if (isBad || (look.class !== 'aborted' && look.class !== 'inconclusive')) {
    noteHostLook(host.recent, { atMs: look.atMs, endMs: look.endMs, isBad });
  }
  if (isBad) {
    host.badAtMs = Math.max(host.badAtMs, look.atMs);
    host.badEndMs = Math.max(host.badEndMs, look.endMs);
    if (host.badRun === 0) host.badSinceMs = look.atMs;
    host.badRun += 1;
  } else if (look.class !== 'aborted' && look.class !== 'inconclusive') {
    host.okAtMs = Math.max(host.okAtMs, look.atMs);
    host.okEndMs = Math.max(host.okEndMs, look.endMs);
    if (look.atMs >= host.badAtMs) host.badRun = 0;
  }
}

export interface Sight {
  isBlind: boolean;
  failing: number;
  seen: number;
  controlsFailing: number;
  controlsSeen: number;
}

/** Blind: most of the controls fail, or more than half of unrelated hosts, each by its latest look. */
export function sightOf(state: State, vantage: VantageState): Sight {
  const sinceMs = state.nowMs - state.policy.blind_window_ms;
  const sight: Sight = { isBlind: false, failing: 0, seen: 0, controlsFailing: 0, controlsSeen: 0 };
  for (const host of vantage.hosts.values()) {
    if (Math.max(host.okEndMs, host.badEndMs) < sinceMs) continue;
    const isFailing = host.badRun > 0;
    sight.seen += 1;
    if (isFailing) sight.failing += 1;
    if (!host.isControl) continue;
    sight.controlsSeen += 1;
    if (isFailing) sight.controlsFailing += 1;
  }
  const most = 2 * sight.failing > sight.seen;
  sight.isBlind =
    sight.controlsSeen >= 2
      ? sight.controlsFailing >= 2 &&
        2 * sight.controlsFailing > sight.controlsSeen &&
        isBorneOut(vantage, sight)
      : sight.controlsSeen === 1
        ? sight.controlsFailing === 1 && most && sight.seen >= 2
        : most && sight.seen >= state.policy.blind_hosts;
  return sight;
}

/** Two controls may blink together. It is us when something else fails too, or every control does, or they go on failing. */
function isBorneOut(vantage: VantageState, sight: Sight): boolean {
  const hosts = [...vantage.hosts.values()];
  const controls = hosts.filter((one) => one.isControl && one.badRun > 0);
  const sinceMs = Math.min(...controls.map((one) => one.badSinceMs));
  const others = hosts.filter((one) => !one.isControl && Math.max(one.okEndMs, one.badEndMs) >= sinceMs);
  const fine = others.filter((one) => one.badRun === 0 && one.okAtMs >= sinceMs);
  if (fine.length > 0 && 2 * fine.length > others.length) return false;
  const isElsewhere = others.some((one) => one.badRun > 0);
  const runs = controls.reduce((sum, one) => sum + one.badRun, 0);
  return isElsewhere || sight.controlsFailing === sight.controlsSeen || runs >= 4;
}

/** Did anything else work after it began to fail? Then our own connection is not why. */
export function isSightProven(
  state: State,
  vantageId: string,
  hosts: ReadonlySet<string>,
  first: Look,
  third: Look | null,
): boolean {
  const vantage = state.vantages.get(vantageId);
  if (!vantage) return false;
  const earlyMs = third !== null && third.atMs - first.atMs >= 3_000 ? third.atMs : Number.POSITIVE_INFINITY;
  const fromMs = Math.min(first.endMs, earlyMs);
  // One that works may be the one that needs no name or no route; two are a network.
  let others = 0;
  let working = 0;
  for (const [name, host] of vantage.hosts) {
    if (hosts.has(name) || Math.max(host.okEndMs, host.badEndMs) < fromMs - state.policy.blind_window_ms)
      continue;
    others += 1;
    if (host.okAtMs >= fromMs && host.badRun === 0) working += 1;
  }
  return working >= Math.min(2, others) && working > 0;
}

/** Looks that failed on the network while we were blind say nothing: they are taken back. */
export function takeBack(state: State, vantageId: string, sinceMs: number): void {
  for (const track of state.tracks.values()) {
    let isChanged = false;
    for (const look of track.looks) {
      if (look.vantage !== vantageId || !look.isNetwork || look.endMs < sinceMs) continue;
      if (look.weight !== 'bad') continue;
      look.weight = 'neutral';
      look.class = 'inconclusive';
      look.isCountable = false;
      if (look.counts) for (const unit of track.units) uncount(unit, look);
      isChanged = true;
    }
    if (!isChanged) continue;
    for (const unit of track.units) {
      unit.sum = 0;
      unit.looks = 0;
      unit.bad = 0;
    }
  }
}
