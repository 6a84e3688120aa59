import { addEvent, type Draft } from './draft.ts';
import type { Scope } from './plan.ts';
import { sayTime, subjectOf } from './sentence.ts';
import { expiryMs, type Look, type State, type Track } from './state.ts';

/**
 * A model that was withdrawn is nobody's outage and counts against nobody's availability. Who calls it must hear of it
 * all the same: once, when every route of it says so.
 */

const leastLooks = 3;

export function tellModelGone(state: State, draft: Draft, track: Track, look: Look): void {
  if (look.class !== 'model_gone' || track.probe !== 'completion') return;
  const routes = [...state.tracks.values()].filter((one) => isSibling(state, one, track));
  const isWhole = routes.every((one) => one.looks.at(-1)?.class === 'model_gone');
  const runs = (isWhole ? routes : [track]).map(goneRun);
  const told = runs.flat();
  const firstMs = Math.min(...told.map((one) => one.atMs));
  if (told.length < leastLooks || look.atMs - firstMs < state.policy.span_ms) return;
  const scope: Scope = isWhole
    ? { kind: 'model', id: track.target.model ?? '' }
    : { kind: 'route', id: track.scopeId };
  // One route at a time: the others may not have been looked at since.
  if (!isWhole && runs[0]!.length < 2 * leastLooks) return;
  const key = `gone:${scope.kind}:${scope.id}`;
  const lastMs = state.noticedAtMs.get(key) ?? Number.NEGATIVE_INFINITY;
  if (state.nowMs - lastMs < state.policy.notice_again_ms) return;
  state.noticedAtMs.set(key, state.nowMs);
  addEvent(state, draft, {
    id: `notice:${key}:${state.nowMs}`,
    type: 'notice',
    scope,
    impact: 'degraded',
    sentence: `${subjectOf(scope)} is no longer offered: ${told.length} of ${told.length} checks in ${sayTime(look.endMs - firstMs)} were told so.`,
    startedAtMs: firstMs,
    data: { failed: told.length, total: told.length },
  });
}

/** A route of the same model through the same gateway, looked at of late. */
function isSibling(state: State, one: Track, track: Track): boolean {
  if (one.probe !== 'completion' || one.isRemoved) return false;
  if (one.model !== track.model || one.gateway !== track.gateway || one.isDirect !== track.isDirect)
    return false;
  if (one.isDirect && one.provider !== track.provider) return false;
  return (one.looks.at(-1)?.endMs ?? 0) >= state.nowMs - expiryMs(state, one);
}

/** The unbroken run of looks up to now that were told so. */
function goneRun(track: Track): Look[] {
  const from = track.looks.findLastIndex((look) => look.class !== 'model_gone');
  return track.looks.slice(from + 1);
}
