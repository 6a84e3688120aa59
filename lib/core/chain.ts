import { put } from './component.ts';
import { confidenceOf } from './confidence.ts';
import { addEvent, type Draft } from './draft.ts';
import type { Chain } from './fleet.ts';
import { chainSentence } from './sentence.ts';
import type { ChainTold, State, Track } from './state.ts';
import { targetId } from './target.ts';
import type { Verdict } from './words.ts';

/** A list of routes somebody relies on: on which step it is, and how many are left. */

export function refreshChains(state: State, draft: Draft): void {
  if (state.fleet.chains.length === 0) return;
  const byId = new Map<string, Track>();
  for (const track of state.tracks.values()) if (track.probe === 'completion') byId.set(track.id, track);
  for (const chain of state.fleet.chains) refreshChain(state, draft, chain, byId);
}

function refreshChain(state: State, draft: Draft, chain: Chain, byId: Map<string, Track>): void {
  const steps = chain.steps.map((step) => byId.get(targetId(step)) ?? null);
  const usable = steps.filter((track) => isUsable(track));
  const first = steps.findIndex((track) => isUsable(track));
  const step = first < 0 ? null : first;
  const known = steps.filter((track) => track?.route && track.route.verdict !== 'unknown');
  const before = state.components.get(`chain:${chain.id}`);
  const after = put(state, draft, 'chain', chain.id, {
    verdict: known.length === 0 ? 'unknown' : verdictOf(step, steps[first] ?? null),
    reason: chainSentence(chain.id, step, steps.length, usable.length),
    confidence: confidenceOf(
      steps.flatMap((track) => track?.looks.slice(-8) ?? []),
      state.policy,
    ),
    affectedBy: null,
    incidentId: steps[0]?.route?.incidentId ?? null,
    chain: { step, usable: usable.length, independent: independentOf(usable) },
  });
  const told = state.chainsTold.get(chain.id) ?? (before?.chain ? newTold(before.chain) : null);
  const now = { step, usable: usable.length };
  if (told === null || !isNews(told, now)) {
    state.chainsTold.set(chain.id, { ...(told ?? newTold(now)), ...now, changedSinceMs: null });
    return;
  }
  if (isHeld(state, told, now)) {
    state.chainsTold.set(chain.id, { ...told, changedSinceMs: told.changedSinceMs ?? state.nowMs });
    state.nextScanMs = Math.min(state.nextScanMs, state.nowMs + 1_000);
    return;
  }
  state.chainsTold.set(chain.id, { ...now, atMs: state.nowMs, changedSinceMs: null });
  addEvent(state, draft, {
    id: `chain.changed:${chain.id}:${state.nowMs}`,
    type: 'chain.changed',
    scope: { kind: 'chain', id: chain.id },
    impact:
      step === null
        ? 'major_outage'
        : step === 0 && usable.length >= Math.min(2, steps.length)
          ? null
          : 'degraded',
    incidentId: after.incidentId,
    sentence: chainSentence(chain.id, step, steps.length, usable.length),
    startedAtMs: state.nowMs,
    data: { from: told.step, to: step, usable: usable.length, usableBefore: told.usable },
  });
}

/** A step that comes and goes within this time is one message or none; a chain with nothing left is said at once. */
const heldMs = 3_000;
const againMs = 10_000;

type Now = Pick<ChainTold, 'step' | 'usable'>;

function newTold({ step, usable }: Now): ChainTold {
  return { step, usable, atMs: Number.NEGATIVE_INFINITY, changedSinceMs: null };
}

/** Another step, or one that came to its last step or has more again: the next failure would be the end. */
function isNews(told: Now, now: Now): boolean {
  return told.step !== now.step || told.usable <= 1 !== now.usable <= 1;
}

function isHeld(state: State, told: ChainTold, now: Now): boolean {
  if (now.step === null) return false;
  const sinceMs = told.changedSinceMs ?? state.nowMs;
  return state.nowMs - sinceMs < heldMs || state.nowMs - told.atMs < againMs;
}

/** Something about a chain waits to be said. */
export function isChainHeld(state: State): boolean {
  for (const { changedSinceMs } of state.chainsTold.values()) if (changedSinceMs !== null) return true;
  return false;
}

/** A step nobody has looked at is unknown, and unknown means usable. */
function isUsable(track: Track | null): boolean {
  if (!track?.route) return true;
  return (
    track.route.circuit.state !== 'open' && track.route.verdict !== 'major_outage' && !track.route.removed
  );
}

function verdictOf(step: number | null, track: Track | null): Verdict {
  if (step === null) return 'major_outage';
  if (step > 0) return 'degraded';
  const verdict = track?.route?.verdict ?? 'unknown';
  return verdict === 'partial_outage' ? 'degraded' : verdict;
}

/** Steps of which no two share a gateway or a provider; counted greedily, in order. */
function independentOf(usable: (Track | null)[]): number {
  const taken = new Set<string>();
  let count = 0;
  for (const track of usable) {
    if (!track) continue;
    const keys = [
      track.gateway ? `g:${track.gateway}` : '',
      track.provider ? `p:${track.provider}` : '',
    ].filter(Boolean);
    if (keys.some((key) => taken.has(key))) continue;
    for (const key of keys) taken.add(key);
    count += 1;
  }
  return count;
}
