import type { ComponentState, Incident } from '#lib/core/plan.ts';
import { escapeIdPart } from '#lib/core/target.ts';
import type { Fresh } from './fresh.ts';
import { shortModel } from './names.ts';

/** `/?watch=a,b`: the answer for exactly these models or chains, and where the same is found for machines. */
export interface WatchList {
  items: { key: string; name: string }[];
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
  const models = components.filter((c) => c.kind === 'model').map((c) => c.id);
  return {
    items: components.map((c) => ({
      key: `${c.kind}:${c.id}`,
      name: c.kind === 'model' ? shortModel(c.id) : c.id,
    })),
    missing: found.filter((f) => f.component === undefined).map((f) => f.name),
    query,
    feedPath: `/api/v1/health?view=routing${models.length > 0 ? `&model=${encodeURIComponent(models.join(','))}` : ''}`,
    atomPath: `/feed.atom?scope=${scope}`,
    badgePath: `/badge.svg?scope=${scope}`,
    embedPath: `/embed/status?scope=${scope}`,
    subscribePath: `/subscribe?scope=${scope}`,
  };
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
