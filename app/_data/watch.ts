import type { ComponentState, Incident, RouteState } from '#lib/core/plan.ts';
import { nameOf as spokenName } from '#lib/core/sentence.ts';
import { escapeIdPart, providerBase, routeScopeId, targetId } from '#lib/core/target.ts';
import { type Verdict, verdictWords } from '#lib/core/words.ts';
import { type Answer, answerOf } from './answer.ts';
import type { Fresh } from './fresh.ts';
import { gatewayName, shortModel } from './names.ts';

export interface WatchedItem {
  key: string;
  name: string;
  verdict: Verdict;
  reason: string;
}

/** `/?watch=a,b`: the answer for exactly these models or chains, and where the same is found for machines. */
export interface WatchList {
  items: WatchedItem[];
  /** What was asked for and is not watched here. */
  missing: string[];
  query: string;
  feedPath: string;
  atomPath: string;
  badgePath: string;
  embedPath: string;
  subscribePath: string;
}

const mostItems = 20;

export function watchList(fresh: Fresh, asked: string | undefined): WatchList | null {
  const names = (asked ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .slice(0, mostItems);
  if (names.length === 0) return null;
  const found = names.map((name) => ({ name, component: findNamed(fresh, name) }));
  const components = found.map((f) => f.component).filter((c) => c !== undefined);
  const query = components.map((c) => c.id).join(',');
  const scope = encodeURIComponent(components.map((c) => `${c.kind}:${c.id}`).join(','));
  return {
    items: components.map((c) => ({
      key: `${c.kind}:${c.id}`,
      name: nameOf(c),
      verdict: c.verdict,
      reason: c.reason,
    })),
    missing: found.filter((f) => f.component === undefined).map((f) => f.name),
    query,
    feedPath: feedPath(fresh, components),
    atomPath: `/feed.atom?scope=${scope}`,
    badgePath: `/badge.svg?scope=${scope}`,
    embedPath: `/embed/status?scope=${scope}`,
    subscribePath: `/subscribe?scope=${scope}`,
  };
}

function nameOf({ kind, id }: ComponentState): string {
  if (kind === 'model') return shortModel(id);
  if (kind === 'provider') return spokenName(id);
  return kind === 'gateway' ? gatewayName(id) : id;
}

/** Models by name, so that a provider that is added later is in it; anything else as the targets it is made of. */
function feedPath(fresh: Fresh, components: ComponentState[]): string {
  const isModels = components.every((c) => c.kind === 'model');
  const ids = isModels
    ? components.map((c) => c.id)
    : components.flatMap((c) => targetsOf(fresh, c).map((route) => route.targetId));
  const filter =
    ids.length === 0
      ? ''
      : `&${isModels ? 'model' : 'target'}=${[...new Set(ids)].map(encodeURIComponent).join(',')}`;
  return `/api/v1/health?view=routing${filter}`;
}

function targetsOf(fresh: Fresh, { kind, id }: ComponentState): RouteState[] {
  const steps = fresh.chains.find((c) => c.id === id)?.steps.map(targetId) ?? [];
  return fresh.routes.filter(({ target, targetId: own }) => {
    if (kind === 'chain') return steps.includes(own);
    if (kind === 'provider') return providerBase(target.provider ?? '') === id;
    if (kind === 'gateway') return target.gateway === id;
    return kind === 'model' ? target.model === id : routeScopeId(target) === id;
  });
}

const kinds: ComponentState['kind'][] = ['chain', 'model', 'provider', 'gateway', 'route'];

function findNamed(fresh: Fresh, name: string): ComponentState | undefined {
  const wanted = name.toLowerCase();
  const isIt = (c: ComponentState): boolean =>
    [c.id, escapeIdPart(c.id), `${c.kind}:${c.id}`, c.kind === 'model' ? shortModel(c.id) : c.id].some(
      (spelling) => spelling.toLowerCase() === wanted,
    );
  return kinds
    .map((kind) => fresh.components.find((c) => c.kind === kind && isIt(c)))
    .find((c) => c !== undefined);
}

/** Only what the list is about, and what explains it. */
export function narrowed(fresh: Fresh, watch: WatchList): Fresh {
  const keys = new Set(watch.items.map((item) => item.key));
  const components = fresh.components.filter((c) => keys.has(`${c.kind}:${c.id}`));
  return { ...fresh, components, incidents: fresh.incidents.filter((i) => concerns(i, keys, components)) };
}

function concerns(incident: Incident, keys: Set<string>, components: ComponentState[]): boolean {
  const own = `${incident.scope.kind}:${incident.scope.id}`;
  return (
    keys.has(own) ||
    incident.affected.some((a) => keys.has(a)) ||
    components.some((c) => c.incidentId === incident.id || c.affectedBy === own)
  );
}

/**
 * The answer for exactly what is watched. Without an incident that concerns it, its own verdicts decide, and it is
 * those that the sentence tells.
 */
export function watchedAnswer(told: Fresh, watch: WatchList, nowMs: number): WatchedAnswer {
  const answer = answerOf(told, nowMs);
  const isJudged = told.freshness !== 'fresh' || answer.overall.isBlind;
  if (isJudged || told.incidents.some((i) => i.status === 'open')) return { ...answer, watched: null };
  return { ...answer, verdict: worstOf(watch.items), watched: watch.items };
}

export interface WatchedAnswer extends Answer {
  /** Null where an incident, or our own trouble, is what there is to say. */
  watched: WatchedItem[] | null;
}

/** Grey wins over green: what is not known is not said to be fine. */
function worstOf(items: WatchedItem[]): Verdict {
  const verdicts = items.map((item) => item.verdict);
  const [worst = 'unknown'] = verdicts.sort((a, b) => verdictWords[b].severity - verdictWords[a].severity);
  return worst === 'operational' && verdicts.includes('unknown') ? 'unknown' : worst;
}
