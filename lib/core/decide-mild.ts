import type { Draft } from './draft.ts';
import { isSameScope, type Opening, openIncident, refineIncident, resolveIncident } from './incident.ts';
import type { Scope } from './plan.ts';
import type { Case, Look, Nature, State, Track, Unit } from './state.ts';
import { wilson, z } from './statistics.ts';

/** Slowness and saturation: never more than degraded, and only when they last. */

interface Mild {
  looks: number;
  hits: number;
  firstAtMs: number;
  lastAtMs: number;
  sources: Set<string>;
  hitSources: Set<string>;
}

export function decideMild(state: State, draft: Draft, track: Track, look: Look): void {
  if (track.probe !== 'completion' || state.isQuiet) return;
  const nature: Nature | null = look.isSlow ? 'slow' : isSaturated(look) ? 'limited' : null;
  if (nature === null || track.cases.length > 0) return;
  for (const unit of track.units) {
    const scope = scopeOf(unit, track);
    if (scope === null) continue;
    const pool = poolOf(unit, track, nature);
    const mild = measure(state, unit, pool, nature);
    if (!isEnough(state, unit, mild, nature)) continue;
    if (nature === 'slow' && isOurLine(state, pool, mild.firstAtMs)) return;
    if (unit.kind === 'provider' && track.gateway !== null && pool.length < unit.tracks.length)
      scope.via = track.gateway;
    tell(state, draft, {
      scope,
      nature,
      members: pool,
      startedAtMs: mild.firstAtMs,
      confidence: 'medium',
      candidates: [],
      impact: 'degraded',
    });
    return;
  }
}

/** Unrelated far sides do not slow down together: then it is the line they share, which is ours. */
function isOurLine(state: State, pool: Track[], fromMs: number): boolean {
  const own = new Set(pool);
  const shared = new Set(pool.map((track) => track.host)).size - 1;
  const hosts = new Map<string, { looks: number; slow: number }>();
  for (const track of state.tracks.values()) {
    if (track.probe !== 'completion' || own.has(track) || track.baseline.median === null) continue;
    const host = hosts.get(track.host) ?? { looks: 0, slow: 0 };
    hosts.set(track.host, host);
    for (const look of track.looks) {
      if (look.atMs < fromMs || look.firstTokenMs === null) continue;
      host.looks += 1;
      if (look.isSlow) host.slow += 1;
    }
  }
  const telling = [...hosts.values()].filter((host) => host.looks > 0);
  const slow = telling.filter((host) => host.slow >= 2 && 2 * host.slow > host.looks).length;
  return slow > 0 && slow + shared >= 2 && 2 * slow > telling.length;
}

/** What was said of a part is the same fault, now better named. */
function tell(state: State, draft: Draft, opening: Opening): void {
  const pool = new Set(opening.members);
  const parts = state.cases.filter(
    (one) => one.incident.status === 'open' && one.nature === opening.nature && isPartOf(one, pool),
  );
  const [first, ...rest] = parts;
  if (!first) openIncident(state, draft, opening);
  else refineIncident(state, draft, first, opening);
  for (const one of rest) resolveIncident(state, draft, one, 'Part of a larger fault, told there.');
}

/** Of what was told only those count that still show it. */
function isPartOf(one: Case, pool: ReadonlySet<Track>): boolean {
  const showing = [...one.members].filter((track) =>
    track.looks.slice(-4).some((look) => look.isSlow || isSaturated(look)),
  );
  return showing.length > 0 && showing.every((track) => pool.has(track));
}

function isSaturated(look: Look): boolean {
  return look.class === 'limited_upstream';
}

/** Largest first: the units of a target are joined in that order. A route alone is the provider's when it is its only one. */
function scopeOf(unit: Unit, track: Track): Scope | null {
  switch (unit.kind) {
    case 'gateway':
    case 'provider':
      return { kind: unit.kind, id: unit.id };
    case 'model':
      return { kind: 'model', id: track.target.model ?? unit.id };
    case 'route':
      return { kind: 'route', id: track.scopeId };
    case 'plane':
      return null;
    default:
      return unit.kind satisfies never;
  }
}

/** A provider called directly has its own queue: it counts only if it shows the same. */
function poolOf(unit: Unit, track: Track, nature: Nature): Track[] {
  const own = unit.tracks.filter(
    (one) =>
      one.probe === 'completion' &&
      !one.isRemoved &&
      !one.cases.some((other) => other.nature === nature && !isPartial(other, unit)),
  );
  if (unit.kind !== 'provider' || track.isDirect) return own;
  const isLike = (one: Track) =>
    one.looks.slice(-4).some((look) => (nature === 'slow' ? look.isSlow : isSaturated(look)));
  return own.filter((one) => one.gateway === track.gateway || isLike(one));
}

/** A part of this pool may be told already, and be told better as the whole. */
function isPartial(one: Case, unit: Unit): boolean {
  return (
    one.members.size < unit.tracks.length && [...one.members].every((track) => unit.tracks.includes(track))
  );
}

function measure(state: State, unit: Unit, pool: Track[], nature: Nature): Mild {
  const slowest = Math.max(...pool.map((track) => track.everyMs));
  const fromMs = state.nowMs - Math.max(state.policy.mild_window_ms, 6.5 * slowest);
  const mild: Mild = {
    looks: 0,
    hits: 0,
    firstAtMs: Number.POSITIVE_INFINITY,
    lastAtMs: 0,
    sources: new Set(),
    hitSources: new Set(),
  };
  for (const track of pool) {
    const source = unit.kind === 'model' || unit.kind === 'gateway' ? (track.provider ?? 'any') : track.key;
    for (let i = track.looks.length - 1; i >= 0; i--) {
      const look = track.looks[i]!;
      if (look.endMs < fromMs) break;
      if (look.weight === 'neutral' || (nature === 'slow' && look.firstTokenMs === null)) continue;
      mild.looks += 1;
      mild.sources.add(source);
      if (nature === 'slow' ? !look.isSlow : !isSaturated(look)) continue;
      mild.hits += 1;
      mild.hitSources.add(source);
      mild.firstAtMs = Math.min(mild.firstAtMs, look.atMs);
      mild.lastAtMs = Math.max(mild.lastAtMs, look.atMs);
    }
  }
  return mild;
}

function isEnough(state: State, unit: Unit, mild: Mild, nature: Nature): boolean {
  const { policy } = state;
  if (mild.looks < policy.mild_looks || mild.lastAtMs - mild.firstAtMs < policy.mild_span_ms) return false;
  const share = nature === 'slow' ? policy.slow_share : policy.limited_share;
  if (wilson(mild.hits, mild.looks, z.lower90).low < share) return false;
  // A pool is blamed when most of its parts show it.
  const isPool = unit.kind === 'gateway' || unit.kind === 'model';
  return !isPool || (mild.sources.size >= 2 && 3 * mild.hitSources.size >= 2 * mild.sources.size);
}

export function isMildCase(state: State, scope: Scope): boolean {
  return state.cases.some((one) => one.nature !== 'failing' && isSameScope(one.incident.scope, scope));
}
