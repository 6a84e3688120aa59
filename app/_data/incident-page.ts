import { type DocumentedOutage, documentedOutages } from '#lib/core/documented-outages.ts';
import type { Incident, Scope, TimelineEntry } from '#lib/core/plan.ts';
import { subjectOf } from '#lib/core/sentence.ts';
import type { TargetRef } from '#lib/core/target.ts';
import type { ComponentKind, ConfidenceLevel, Impact } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import { readFresh } from './fresh.ts';
import { gatewayName, providerNames } from './names.ts';
import { componentPath, routeRef } from './paths.ts';
import { classOf } from './ticks.ts';

export interface NamedLink {
  name: string;
  path: string | null;
}
export interface IncidentPage {
  incident: Incident;
  untilMs: number | null;
  position: string;
  impact: Impact;
  isOpen: boolean;
  durationMs: number;
  /** From the first bad check to the moment we said so. */
  noticedAfterMs: number;
  sure: ConfidenceLevel;
  cause: NamedLink;
  failed: number;
  total: number;
  windowMs: number;
  providers: number;
  classes: { name: ReturnType<typeof classOf>; count: number }[];
  sample: Incident['evidence']['sample'];
  /** What the catalogue said just before. */
  catalog: { atMs: number; sentence: string }[];
  working: NamedLink[];
  affected: NamedLink[];
  others: NamedLink[];
  /** Minutes by which each was ahead of us; null: has not said so. */
  witnesses: { name: string; status: string; leadMinutes: number | null }[];
  timeline: TimelineEntry[];
  /** What people wrote about it. */
  notes: TimelineEntry[];
}

const shown = 40;

export function incidentPage(ctx: ViewContext, id: string): IncidentPage | null {
  const incident = ctx.store.incidents.get(id);
  if (!incident?.isPublic || ctx.settings.hide.includes(`${incident.scope.kind}:${incident.scope.id}`))
    return null;
  const { evidence, timeline } = incident;
  const fresh = readFresh(ctx);
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const people = timeline.filter(
    (entry) => entry.by !== 'machine' && (entry.kind === 'note' || entry.kind === 'corrected'),
  );
  return {
    incident,
    untilMs: fresh.untilMs,
    position: fresh.position,
    impact: incident.impact,
    isOpen: incident.status === 'open',
    durationMs: (incident.resolvedAtMs ?? ctx.nowMs) - incident.startedAtMs,
    noticedAfterMs: Math.max(0, incident.openedAtMs - incident.startedAtMs),
    sure: incident.confidence,
    cause: scopeLink(incident.scope),
    failed: evidence.failed,
    total: evidence.total,
    windowMs: evidence.windowMs,
    providers: evidence.providers,
    classes: Object.entries(evidence.byClass)
      .map(([name, count]) => ({ name: classOf(name), count }))
      .sort((a, b) => b.count - a.count),
    sample: evidence.sample,
    catalog: evidence.catalog ?? [],
    working: evidence.working.slice(0, shown).map((id) => targetLink(id, name)),
    affected: incident.affected.slice(0, shown).map((key) => affectedLink(key, name)),
    others: evidence.candidates.slice(1, 5).map(scopeLink),
    witnesses: evidence.witnesses.map((w) => ({
      name: w.component,
      status: w.status,
      leadMinutes: w.leadMs === null ? null : Math.round(w.leadMs / 60_000),
    })),
    timeline: [...timeline].sort((a, b) => b.atMs - a.atMs),
    notes: people,
  };
}

export function documentedOutage(id: string): DocumentedOutage | null {
  return documentedOutages.find((outage) => outage.id === id) ?? null;
}

function scopeLink(scope: Scope): NamedLink {
  return { name: subjectOf(scope), path: componentPath(scope.kind, scope.id) };
}

type Name = (providerId: string) => string;

/** `gateway:provider:model` as the feed spells it. */
function targetLink(id: string, name: Name): NamedLink {
  const [gateway, provider, model] = id.split(':').map((part) => part.replaceAll('~', '/'));
  if (!gateway || !provider || !model) return affectedLink(id, name);
  return { name: routeName({ gateway, provider, model }, name), path: `/routes/${id}` };
}

/** A component key (`kind:id`), or a route's id. */
function affectedLink(key: string, name: Name): NamedLink {
  const colon = key.indexOf(':');
  const kind =
    colon > 0 && !key.slice(0, colon).includes('/') ? (key.slice(0, colon) as ComponentKind) : 'route';
  const id = kind === 'route' && !key.startsWith('route:') ? key : key.slice(colon + 1);
  return { name: componentName(kind, id, name), path: componentPath(kind, id) };
}

function componentName(kind: ComponentKind, id: string, name: Name): string {
  if (kind === 'gateway' || kind === 'catalog' || kind === 'official') return gatewayName(id);
  if (kind === 'provider') return name(id);
  return kind === 'route' ? routeName(routeRef(id), name) : id;
}

function routeName({ gateway, provider, model }: TargetRef, name: Name): string {
  if (!model) return [gateway, provider].filter(Boolean).join('/');
  return `${model} · ${!provider || provider === 'any' ? gatewayName(gateway ?? '') : name(provider)}`;
}
