import type { Tally } from './culprit-tally.ts';
import { isSameProvider } from './outcome-facts.ts';
import type { Scope } from './plan.ts';
import type { State, Unit } from './state.ts';
import { noiseShare } from './state-unit.ts';
import { logRatio } from './statistics.ts';

/** One possible culprit, and how well it explains what was seen. */
export interface Hypothesis {
  scope: Scope;
  /** The pool whose running evidence must still be up: what failed a minute ago and works now is over. */
  unit: Unit;
  tallies: Tally[];
  looks: number;
  bad: number;
  /** Log-likelihood ratio against noise alone: decides whether it is enough. */
  fit: number;
  /** With hints and priors: decides who it is. */
  score: number;
}

type Kind = 'gateway' | 'provider' | 'model' | 'route';

/** What an error says of whose fault it is, as log-odds for each kind of culprit. A hint, never a proof. */
const hintWeights: Record<Kind, { gateway: number; provider: number; model: number }> = {
  gateway: { gateway: 0.3, provider: -0.5, model: -0.7 },
  provider: { gateway: -0.5, provider: 0.4, model: -0.4 },
  model: { gateway: -0.5, provider: -0.1, model: 0.6 },
  route: { gateway: -0.4, provider: 0, model: 0 },
};
/** Between equals the larger thing is blamed. */
const priors: Record<Kind, number> = { gateway: 0, provider: -0.5, model: -1.5, route: -2 };
/** However often it is repeated, a hint weighs no more than one failure. */
const mostHints = 3;

/** Every culprit that could explain at least one failure, best first. */
export function scoreAll(state: State, tallies: Tally[]): Hypothesis[] {
  const byTrack = new Map(tallies.map((tally) => [tally.track, tally]));
  const units = new Set<Unit>();
  for (const tally of tallies) {
    if (tally.bad > 0) for (const unit of tally.track.units) units.add(unit);
  }
  const all: Hypothesis[] = [];
  for (const unit of units) {
    if (unit.kind === 'plane') continue;
    const own = unit.tracks.flatMap((track) => byTrack.get(track) ?? []);
    all.push(...hypothesesOf(state, unit, own, tallies));
  }
  return all.sort((a, b) => b.score - a.score || order(a) - order(b) || (a.scope.id < b.scope.id ? -1 : 1));
}

const rank: Record<string, number> = { gateway: 0, provider: 1, model: 2, route: 3 };
function order(h: Hypothesis): number {
  return rank[h.scope.kind] ?? 9;
}

function hypothesesOf(state: State, unit: Unit, own: Tally[], all: Tally[]): Hypothesis[] {
  switch (unit.kind) {
    case 'gateway':
      return isWide(own) ? [score(state, unit, { kind: 'gateway', id: unit.id }, own)] : [];
    case 'model':
      return modelHypotheses(state, unit, own);
    case 'provider':
      return providerHypotheses(state, unit, own, all);
    case 'route':
      return own.map((tally) => score(state, unit, { kind: 'route', id: tally.track.scopeId }, [tally]));
    case 'plane':
      return [];
    default:
      return unit.kind satisfies never;
  }
}

/** A model everywhere, and a model through one gateway while it works directly. */
function modelHypotheses(state: State, unit: Unit, own: Tally[]): Hypothesis[] {
  const pools = [own];
  if (own.some((tally) => tally.track.isDirect && isFine(tally))) {
    const gateways = new Set(own.map((tally) => tally.track.gateway).filter((one) => one !== null));
    for (const gateway of gateways) pools.push(own.filter((tally) => tally.track.gateway === gateway));
  }
  return pools
    .filter(isModelWide)
    .map((pool) => score(state, unit, { kind: 'model', id: modelId(pool) }, pool));
}

/** A provider everywhere, and a provider through one gateway while its direct route works. */
function providerHypotheses(state: State, unit: Unit, own: Tally[], all: Tally[]): Hypothesis[] {
  const { id } = unit;
  const list = [score(state, unit, { kind: 'provider', id }, own, named(id, all))];
  const gateways = new Set(own.map((tally) => tally.track.gateway).filter((one) => one !== null));
  const elsewhere = own.filter((tally) => tally.track.isDirect && isFine(tally));
  for (const gateway of gateways) {
    const through = own.filter((tally) => tally.track.gateway === gateway);
    if (elsewhere.length > 0 && through.some((tally) => tally.bad > 0)) {
      list.push(score(state, unit, { kind: 'provider', id, via: gateway }, through, named(id, all)));
    }
  }
  return list;
}

/** One failure long before the others is noise, not the same fault. */
function isFine({ bad, track }: Tally): boolean {
  if (bad === 0) return true;
  const last = track.looks.filter((look) => look.weight !== 'neutral').slice(-4);
  return bad === 1 && last.length === 4 && last.every((look) => look.weight === 'good');
}

/** Failures of unpinned routes that name this provider speak for it too. */
function named(provider: string, all: Tally[]): number {
  let count = 0;
  for (const tally of all) {
    if (tally.track.isPinned || tally.track.isDirect) continue;
    for (const [name, times] of tally.named) if (isSameProvider(name, provider)) count += times;
  }
  return count;
}

function score(state: State, unit: Unit, scope: Scope, tallies: Tally[], extra = 0): Hypothesis {
  const kind = scope.kind as Kind;
  let looks = extra;
  let bad = extra;
  let hints = 0;
  for (const tally of tallies) {
    looks += tally.looks;
    bad += tally.bad;
    const weight = hintWeights[kind];
    hints += tally.hints.gateway * weight.gateway;
    hints += tally.hints.provider * weight.provider;
    hints += tally.hints.model * weight.model;
    if (kind === 'provider') hints -= 0.5 * othersNamed(tally, scope.id);
  }
  const noise = noiseShare(state);
  const share = Math.min(0.98, Math.max(0.02, bad / Math.max(1, looks)));
  const fit = share <= noise ? 0 : logRatio(bad, looks, share, noise);
  const bounded = Math.max(-mostHints, Math.min(mostHints, hints));
  return { scope, unit, tallies, looks, bad, fit, score: fit + bounded + priors[kind] };
}

function othersNamed(tally: Tally, provider: string): number {
  let count = 0;
  for (const [name, times] of tally.named) if (!isSameProvider(name, provider)) count += times;
  return count;
}

/** A gateway is blamed for failures at several unrelated providers only, unless it has but one. */
function isWide(own: Tally[]): boolean {
  const watched = new Set(own.map(sourceOf));
  const failing = new Set(own.filter((tally) => tally.bad > 0).map(sourceOf));
  return failing.size >= Math.min(2, watched.size);
}

/** A model is blamed when it fails on more than one provider, or on every route where nobody is pinned. */
function isModelWide(own: Tally[]): boolean {
  const failing = new Set(own.filter((tally) => tally.bad > 0).map(sourceOf));
  const watched = new Set(own.map(sourceOf));
  return watched.size >= 2 && failing.size >= 2;
}

function sourceOf(tally: Tally): string {
  return tally.track.provider ?? `any of ${tally.track.gateway}`;
}

/** As the observations spell it most often, a gateway's spelling first. */
function modelId(own: Tally[]): string {
  const through = own.find((tally) => !tally.track.isDirect) ?? own[0]!;
  return through.track.target.model ?? '';
}
