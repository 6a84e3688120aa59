import type { Draft } from './draft.ts';
import { resolveIncident } from './incident.ts';
import { bearsOn } from './incident-share.ts';
import type { Case, Look, State, Track } from './state.ts';
import { noteUnits } from './state-unit.ts';

/** The large fault is over, and something smaller that broke meanwhile still fails: that is another story. */

const windowMs = 180_000;
const siftEveryMs = 10_000;

interface Sifted {
  failing: Track[];
  good: number;
  firstGood: Look | null;
}

/** True when the case was ended because only a remnant still fails; what remains is searched for anew. */
export function endIfRemnant(state: State, draft: Draft, one: Case, goodWeight: number): boolean {
  const { kind } = one.incident.scope;
  if (one.nature !== 'failing' || (kind !== 'gateway' && kind !== 'model')) return false;
  if (one.isPlaneOnly || one.incident.isUnstable || one.incident.pinned.includes('scope')) return false;
  if (state.nowMs - one.siftedAtMs < siftEveryMs || one.members.size < 3) return false;
  one.siftedAtMs = state.nowMs;
  const sifted = sift(state, one);
  if (!isRelated(sifted.failing) || 2 * sifted.failing.length > one.members.size) return false;
  if (sifted.good * goodWeight < state.policy.close_evidence_pooled) return false;
  one.firstGoodMs = sifted.firstGood?.endMs ?? state.nowMs;
  const sinceMs = sifted.firstGood?.atMs ?? state.nowMs;
  resolveIncident(state, draft, one);
  for (const track of sifted.failing) {
    const looks = track.looks.filter((look) => look.atMs >= sinceMs && look.counts);
    for (const look of looks.slice(0, -1)) noteUnits(state, track, look);
  }
  return true;
}

function sift(state: State, one: Case): Sifted {
  const sifted: Sifted = { failing: [], good: 0, firstGood: null };
  // What worked before it began does not show that it is over.
  const fromMs = Math.max(one.incident.startedAtMs, state.nowMs - windowMs);
  for (const track of one.members) {
    const looks = track.looks.filter((look) => look.atMs >= fromMs);
    if (looks.some((look) => bearsOn(state, one, track, look) === 'bad')) {
      sifted.failing.push(track);
      continue;
    }
    for (const look of looks) {
      if (bearsOn(state, one, track, look) !== 'good') continue;
      sifted.good += 1;
      if (sifted.firstGood === null || look.atMs < sifted.firstGood.atMs) sifted.firstGood = look;
    }
  }
  return sifted;
}

/** All of one provider, or all of one model. */
function isRelated(tracks: readonly Track[]): boolean {
  const [first] = tracks;
  if (!first) return false;
  return (
    (first.provider !== null && tracks.every((track) => track.provider === first.provider)) ||
    (first.model !== null && tracks.every((track) => track.model === first.model))
  );
}
