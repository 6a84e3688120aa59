import { noConfidence } from '#lib/core/confidence.ts';
import type { ComponentState, RouteState } from '#lib/core/plan.ts';
import { providerBase, routeScopeId, targetId, targetKey } from '#lib/core/target.ts';
import type { ComponentKind, ConfidenceLevel, Convention, Verdict } from '#lib/core/words.ts';
import { type AbilityRow, abilityRows, type Sameness, samenessOf } from './ability-row.ts';
import { type AvailabilityRow, availabilityRows } from './availability-rows.ts';
import { type Bars, barShelf } from './bars.ts';
import { type ChainLine, chainLines } from './chain-line.ts';
import { type Charts, chartsOf } from './chart-data.ts';
import { type CheckRow, checkRow } from './check-row.ts';
import { keysOf } from './component-row.ts';
import type { ViewContext } from './context.ts';
import { conventionOf } from './convention.ts';
import { catalogTypes, circuitTypes, type EventRow, eventRows, isAboutModel } from './event-row.ts';
import { type Fresh, type Freshness, readFresh } from './fresh.ts';
import { type GatewayLine, gatewayLine } from './gateway-line.ts';
import { type IncidentCard, incidentCard } from './incident-card.ts';
import { tickReader } from './last-ticks.ts';
import { gatewayName, providerNames } from './names.ts';
import { gatewayIds } from './overview.ts';
import { componentPath, isNamedBy, pathOf, routeRef } from './paths.ts';
import { type PriceRow, priceRows } from './price-row.ts';
import { type Range, rangeOf } from './ranges.ts';
import { type RouteRow, routeRow } from './route-row.ts';

export type DetailKind = Extract<ComponentKind, 'gateway' | 'provider' | 'model' | 'route' | 'chain'>;

export interface DetailView {
  kind: DetailKind;
  id: string;
  name: string;
  path: string;
  freshness: Freshness;
  untilMs: number | null;
  position: string;
  verdict: Verdict;
  sinceMs: number | null;
  reason: string;
  sure: ConfidenceLevel;
  checks: number;
  lastCheckAtMs: number | null;
  because: { name: string; path: string | null } | null;
  convention: Convention;
  range: Range;
  availability: AvailabilityRow[];
  bars: Bars;
  routes: RouteRow[];
  /** For a model: on how many providers we watch it, and how many may be used now. */
  usable: { of: number; now: number } | null;
  /** The route whose charts and checks are shown. */
  selected: RouteRow | null;
  charts: Charts | null;
  lastChecks: CheckRow[];
  circuit: EventRow[];
  catalog: EventRow[];
  /** What the route that is shown can do, and for a model whether it answers the same everywhere. */
  abilities: AbilityRow[];
  sameness: Sameness | null;
  prices: PriceRow[];
  incidents: IncidentCard[];
  chain: ChainLine | null;
  gateway: GatewayLine | null;
  parents: { kind: DetailKind; name: string; path: string }[];
}

export interface DetailAsk {
  segments: string[];
  range?: string | undefined;
  convention?: string | undefined;
  route?: string | undefined;
}

const checksShown = 20;
const incidentsShown = 10;

/** Null where nothing of that name is watched: the page then says 404. */
export function detailView(ctx: ViewContext, kind: DetailKind, ask: DetailAsk): DetailView | null {
  const fresh = readFresh(ctx);
  const component = findComponent(fresh, kind, ask.segments) ?? notYetSeen(ctx, fresh, kind, ask.segments);
  if (!component) return null;
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const convention = conventionOf(ask.convention);
  const range = rangeOf(ask.range);
  const routes = routesOf(fresh, component);
  const ticksOf = tickReader(ctx);
  const rows = routes.map((route) => routeRow(fresh, route, name, ticksOf));
  const sorted = worstFirst(rows);
  const selected = rows.find((row) => row.id === ask.route) ?? sorted[0] ?? null;
  const keys =
    kind === 'chain' ? routes.map((r) => targetKey('completion', r.target)) : keysOf(component, fresh);
  return {
    ...headOf(fresh, component, name),
    kind,
    freshness: fresh.freshness,
    untilMs: fresh.untilMs,
    position: fresh.position,
    convention,
    range,
    availability: availabilityRows(ctx, keys, convention),
    bars: barShelf(ctx, convention).of(keys),
    routes: kind === 'chain' ? inOrder(fresh, component.id, rows) : sorted,
    usable: kind === 'model' ? usableOf(routes) : null,
    selected,
    charts: selected && chartsOf(ctx, selected.key, range),
    lastChecks: selected ? ctx.store.looks.last(selected.key, checksShown).map(checkRow) : [],
    circuit: eventRows(ctx, circuitTypes, (e) => routes.some((r) => r.targetId === e.targetId)),
    catalog: kind === 'model' || kind === 'route' ? catalogEvents(ctx, component, routes) : [],
    ...canDo(ctx, kind, routes, selected, name),
    prices: pricesOf(ctx, component, routes, name),
    incidents: incidentsOf(ctx, component),
    chain: kind === 'chain' ? (chainLines(fresh, name).find((c) => c.id === component.id) ?? null) : null,
    gateway: kind === 'gateway' ? gatewayLine(component.id, ctx, fresh) : null,
    parents: parentsOf(component, name),
  };
}

function canDo(
  ctx: ViewContext,
  kind: DetailKind,
  routes: RouteState[],
  selected: RouteRow | null,
  name: (id: string) => string,
): Pick<DetailView, 'abilities' | 'sameness'> {
  const shown = routes.find(({ targetId }) => targetId === selected?.id);
  const isOfModel = kind === 'model' || kind === 'route';
  return {
    abilities: shown ? abilityRows(ctx, shown) : [],
    sameness: isOfModel ? samenessOf(ctx, routes, name) : null,
  };
}

function findComponent(fresh: Fresh, kind: DetailKind, segments: string[]): ComponentState | undefined {
  const own = fresh.components.find((c) => c.kind === kind && isNamedBy(segments, c.id));
  if (own) return own;
  const route = fresh.routes.find((r) => isMeant(r, kind, segments));
  if (!route) return undefined;
  return {
    kind,
    id: idIn(kind, route),
    verdict: kind === 'route' ? route.verdict : 'unknown',
    sinceMs: route.stateSinceMs,
    reason: kind === 'route' ? route.reason : '',
    confidence: route.confidence,
    affectedBy: route.affectedBy,
    incidentId: route.incidentId,
    chain: null,
    updatedAtMs: route.stateSinceMs,
  };
}

/** Gateways and chains are known from the configuration: before the first check their pages say that nothing is known. */
function notYetSeen(
  ctx: ViewContext,
  fresh: Fresh,
  kind: DetailKind,
  segments: string[],
): ComponentState | undefined {
  const configured =
    kind === 'gateway' ? gatewayIds(ctx, fresh) : kind === 'chain' ? fresh.chains.map((c) => c.id) : [];
  const id = configured.find((one) => isNamedBy(segments, one));
  if (id === undefined) return undefined;
  return {
    ...{ kind, id, verdict: 'unknown', sinceMs: 0, reason: '', updatedAtMs: 0 },
    ...{ confidence: noConfidence, affectedBy: null, incidentId: null, chain: null },
  };
}

function idIn(kind: DetailKind, { target }: RouteState): string {
  if (kind === 'route') return routeScopeId(target);
  if (kind === 'provider') return providerBase(target.provider ?? '');
  return (kind === 'gateway' ? target.gateway : target.model) ?? '';
}

function isMeant(route: RouteState, kind: DetailKind, segments: string[]): boolean {
  if (kind === 'chain') return false;
  return (kind === 'route' && isNamedBy(segments, route.targetId)) || isNamedBy(segments, idIn(kind, route));
}

function routesOf(fresh: Fresh, { kind, id }: ComponentState): RouteState[] {
  const steps = fresh.chains.find((c) => c.id === id)?.steps ?? [];
  return fresh.routes.filter(({ target }) => {
    if (kind === 'route') return routeScopeId(target) === id;
    if (kind === 'chain') return steps.some((s) => routeScopeId(s) === routeScopeId(target));
    if (kind === 'provider') return providerBase(target.provider ?? '') === id;
    return kind === 'gateway' ? target.gateway === id : target.model === id;
  });
}

function headOf(fresh: Fresh, c: ComponentState, name: (id: string) => string) {
  return {
    id: c.id,
    name: titleOf(c, name),
    path: componentPath(c.kind, c.id) ?? '/',
    verdict: c.verdict,
    sinceMs: c.sinceMs || null,
    reason: c.reason,
    sure: c.confidence.level,
    checks: c.confidence.samples,
    lastCheckAtMs: c.confidence.lastSampleAtMs,
    because: becauseOf(fresh, c, name),
  };
}

function titleOf({ kind, id }: Pick<ComponentState, 'kind' | 'id'>, name: (id: string) => string): string {
  if (kind === 'gateway') return gatewayName(id);
  if (kind === 'provider') return name(id);
  if (kind !== 'route') return id;
  const ref = routeRef(id);
  return `${ref.model} · ${ref.provider === 'any' ? gatewayName(ref.gateway ?? '') : name(ref.provider ?? '')}`;
}

function becauseOf(fresh: Fresh, c: ComponentState, name: (id: string) => string): DetailView['because'] {
  if (!c.affectedBy) return null;
  const colon = c.affectedBy.indexOf(':');
  const kind = c.affectedBy.slice(0, colon) as ComponentKind;
  const id = c.affectedBy.slice(colon + 1);
  const open = fresh.incidents.find((i) => i.id === c.incidentId);
  return {
    name: titleOf({ kind, id }, name),
    path: open ? pathOf.incident(open.id) : componentPath(kind, id),
  };
}

/** What is in trouble comes first; the unpinned route is the most telling of those that are well. */
function worstFirst(rows: RouteRow[]): RouteRow[] {
  return [...rows].sort((a, b) => b.severity - a.severity || Number(b.isUnpinned) - Number(a.isUnpinned));
}

/** A chain's routes in the order of its steps. */
function inOrder(fresh: Fresh, id: string, rows: RouteRow[]): RouteRow[] {
  const steps = fresh.chains.find((c) => c.id === id)?.steps ?? [];
  const place = (row: RouteRow): number => steps.findIndex((step) => targetId(step) === row.id);
  return [...rows].sort((a, b) => place(a) - place(b));
}

function usableOf(routes: RouteState[]): { of: number; now: number } {
  const pinned = routes.filter((r) => r.target.provider !== 'any');
  return { of: pinned.length, now: pinned.filter((r) => r.advice.action !== 'avoid').length };
}

function catalogEvents(ctx: ViewContext, c: ComponentState, routes: RouteState[]): EventRow[] {
  const model = c.kind === 'model' ? c.id : (routes[0]?.target.model ?? '');
  return eventRows(ctx, catalogTypes, (event) => isAboutModel(event, model));
}

function pricesOf(
  ctx: ViewContext,
  c: ComponentState,
  routes: RouteState[],
  name: (id: string) => string,
): PriceRow[] {
  if (c.kind !== 'model' && c.kind !== 'route') return [];
  const target = routes[0]?.target;
  const model = c.kind === 'model' ? c.id : (target?.model ?? '');
  const all = ctx.store.catalog.endpoints({ gateway: target?.gateway ?? 'openrouter', model });
  const isPinned = c.kind === 'route' && target?.provider !== 'any';
  return priceRows(isPinned ? all.filter((e) => e.provider === target?.provider) : all, name);
}

function incidentsOf(ctx: ViewContext, c: ComponentState): IncidentCard[] {
  return ctx.store.incidents
    .list({ isPublic: true, limit: 200 })
    .filter(
      (i) =>
        (i.scope.kind === c.kind && i.scope.id === c.id) ||
        i.affected.includes(`${c.kind}:${c.id}`) ||
        i.affected.includes(c.id),
    )
    .slice(0, incidentsShown)
    .map(incidentCard);
}

function parentsOf(c: ComponentState, name: (id: string) => string): DetailView['parents'] {
  if (c.kind !== 'route') return [];
  const { gateway, provider, model } = routeRef(c.id);
  const parents: DetailView['parents'] = [];
  if (gateway && gateway !== 'direct')
    parents.push({ kind: 'gateway', name: gatewayName(gateway), path: pathOf.gateway(gateway) });
  if (provider && provider !== 'any')
    parents.push({ kind: 'provider', name: name(provider), path: pathOf.provider(providerBase(provider)) });
  if (model) parents.push({ kind: 'model', name: model, path: pathOf.model(model) });
  return parents;
}
