import { documentedOutages } from '#lib/core/documented-outages.ts';
import type { ViewContext } from './context.ts';
import { allRules } from './explain.ts';
import { readFresh } from './fresh.ts';
import { componentPath, pathOf } from './paths.ts';

const still = [
  '/',
  '/incidents',
  '/explain',
  '/subscribe',
  '/compare',
  '/sla',
  '/reports',
  '/catalog',
  '/methodology',
  '/api',
];
const mostIncidents = 500;

export function sitemapPaths(ctx: ViewContext): string[] {
  const fresh = readFresh(ctx);
  const components = fresh.components
    .filter((c) => c.kind === 'gateway' || c.kind === 'provider' || c.kind === 'model' || c.kind === 'chain')
    .map((c) => componentPath(c.kind, c.id))
    .filter((path) => path !== null);
  const incidents = ctx.store.incidents
    .list({ isPublic: true, limit: mostIncidents })
    .map((i) => pathOf.incident(i.id));
  return [
    ...still,
    ...new Set(components),
    ...incidents,
    ...documentedOutages.map((o) => pathOf.incident(o.id)),
    ...allRules().map((rule) => rule.path),
  ];
}
