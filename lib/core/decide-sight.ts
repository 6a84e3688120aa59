import { beganAt } from './culprit.ts';
import { darknessOf, isLightAgain, lossOf } from './culprit-loss.ts';
import { type Sight, sightOf, takeBack } from './culprit-prober.ts';
import type { Draft } from './draft.ts';
import { isSameScope, openIncident, refineIncident, resolveIncident } from './incident.ts';
import { stallReason } from './sentence-words.ts';
import type { Case, Look, State, VantageState } from './state.ts';
import { vantageFor } from './state-create.ts';
import type { Impact } from './words.ts';

/** Our own connection and our own process: the operator hears of their faults, nobody else. */

export function decideSight(state: State, draft: Draft, look: Look): void {
  const vantage = vantageFor(state, look.vantage);
  const sight = sightOf(state, vantage);
  if (!vantage.isBlind) {
    const loss = sight.isBlind ? null : lossOf(state, vantage);
    if (sight.isBlind || loss !== null) goBlind(state, draft, vantage, sight, loss);
    return;
  }
  if (sight.isBlind || 2 * sight.failing >= sight.seen || !isLightAgain(state, vantage)) return;
  vantage.isBlind = false;
  vantage.seeingSinceMs = state.nowMs;
  vantage.dark = null;
  const one = proberCase(state, vantage.id);
  if (!one) return;
  one.firstGoodMs = look.endMs;
  resolveIncident(state, draft, one);
}

function goBlind(state: State, draft: Draft, vantage: VantageState, sight: Sight, loss: number | null): void {
  vantage.isBlind = true;
  vantage.blindSinceMs = loss === null ? firstDark(state, vantage) : firstLost(state, vantage);
  vantage.dark = darknessOf(vantage);
  const blindness: Blindness = {
    sinceMs: vantage.blindSinceMs,
    impact: loss === null || loss >= state.policy.major_share ? 'major_outage' : 'partial_outage',
    reason:
      loss === null
        ? `${sight.failing} of ${sight.seen} places do not answer`
        : `about ${Math.round(100 * loss)} % of our checks get no answer, wherever we ask`,
  };
  const hasty = hastyCases(state, vantage);
  takeBack(state, vantage.id, vantage.blindSinceMs);
  const first = proberCase(state, vantage.id) ? undefined : hasty.shift();
  if (first) correctHasty(state, draft, first, vantage, blindness);
  else openProber(state, draft, vantage, blindness);
  for (const one of hasty) resolveIncident(state, draft, one, 'It was our own connection, told there.');
}

interface Blindness {
  sinceMs: number;
  impact: Impact;
  reason: string;
}

/** Somebody else was blamed moments ago for what our own network did. */
function hastyCases(state: State, vantage: VantageState): Case[] {
  const fromMs = (vantage.blindSinceMs ?? state.nowMs) - 30_000;
  return state.cases.filter((one) => {
    if (one.incident.status !== 'open' || !one.incident.isPublic || one.incident.startedAtMs < fromMs)
      return false;
    const bad = [...one.members].flatMap((track) =>
      track.looks.filter((look) => look.weight === 'bad' && look.atMs >= one.incident.startedAtMs),
    );
    return bad.every((look) => look.isNetwork && look.vantage === vantage.id);
  });
}

function correctHasty(
  state: State,
  draft: Draft,
  one: Case,
  vantage: VantageState,
  { impact, reason }: Blindness,
): void {
  refineIncident(state, draft, one, {
    scope: { kind: 'prober', id: vantage.id },
    nature: 'failing',
    members: [],
    startedAtMs: one.incident.startedAtMs,
    confidence: 'high',
    candidates: [],
    impact,
    reason,
  });
}

function firstDark(state: State, vantage: VantageState): number {
  let sinceMs = state.nowMs;
  for (const track of state.tracks.values()) {
    for (let i = track.looks.length - 1; i >= 0; i--) {
      const look = track.looks[i]!;
      if (look.vantage !== vantage.id) continue;
      if (!look.isNetwork) break;
      if (look.endMs >= state.nowMs - 180_000) sinceMs = Math.min(sinceMs, look.atMs);
    }
  }
  return sinceMs;
}

/** The first failure of those that belong together, over all hosts. */
function firstLost(state: State, vantage: VantageState): number {
  const looks = [...vantage.hosts.values()]
    .flatMap((host) => host.recent)
    .filter((look) => look.atMs >= state.nowMs - 180_000)
    .map(({ atMs, isBad }) => ({ atMs, weight: isBad ? ('bad' as const) : ('good' as const) }));
  return beganAt(looks) ?? state.nowMs;
}

function proberCase(state: State, id: string): Case | undefined {
  return state.cases.find(
    (one) => one.incident.status === 'open' && isSameScope(one.incident.scope, { kind: 'prober', id }),
  );
}

function openProber(
  state: State,
  draft: Draft,
  vantage: VantageState,
  { sinceMs, impact, reason }: Blindness,
): void {
  if (state.isQuiet || proberCase(state, vantage.id)) return;
  openIncident(state, draft, {
    scope: { kind: 'prober', id: vantage.id },
    nature: 'failing',
    members: [],
    startedAtMs: sinceMs,
    confidence: 'high',
    candidates: [],
    impact,
    reason,
  });
}

/** Looks spoiled by our own process standing still. */
export function noteStall(state: State, draft: Draft, look: Look): void {
  const vantage = vantageFor(state, look.vantage);
  // Somebody's page that could not be read says nothing about our process.
  if (look.class !== 'inconclusive' || look.blame !== 'prober' || vantage.isBlind) {
    if (vantage.stalls.length > 0 && look.weight === 'good') endStalls(state, draft, vantage, look);
    return;
  }
  const { policy } = state;
  vantage.stalls = [...vantage.stalls.filter((at) => at > look.endMs - policy.stall_window_ms), look.endMs];
  if (vantage.stalls.length < policy.stall_looks) return;
  const reason = stallReason(vantage.stalls.length);
  openProber(state, draft, vantage, { sinceMs: vantage.stalls[0]!, impact: 'major_outage', reason });
}

function endStalls(state: State, draft: Draft, vantage: VantageState, look: Look): void {
  const last = vantage.stalls.at(-1) ?? 0;
  if (look.endMs - last < 60_000) return;
  vantage.stalls = [];
  const one = proberCase(state, vantage.id);
  if (!one || vantage.isBlind) return;
  one.firstGoodMs = look.endMs;
  resolveIncident(state, draft, one);
}
