import { documentedOutages } from '#lib/core/documented-outages.ts';
import type { Incident } from '#lib/core/plan.ts';
import { type Impact, verdictWords } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import { readFresh } from './fresh.ts';
import { type IncidentCard, incidentCard } from './incident-card.ts';
import { pathOf } from './paths.ts';

export interface CalendarDay {
  day: number;
  count: number;
  worst: Impact | null;
  isFuture: boolean;
}
export interface CalendarMonth {
  /** `2026-11` */
  id: string;
  atMs: number;
  /** Empty places before the first, Monday first. */
  offset: number;
  days: CalendarDay[];
  count: number;
}
export interface DocumentedCard {
  id: string;
  path: string;
  title: string;
  atMs: number;
  minutes: number;
  isExact: boolean;
  impact: Impact;
  sources: { name: string; url: string | null }[];
}
export interface IncidentsView {
  untilMs: number | null;
  position: string;
  open: IncidentCard[];
  past: IncidentCard[];
  month: string | null;
  /** Where the next page begins. */
  nextBefore: string | null;
  months: CalendarMonth[];
  documented: DocumentedCard[];
}

const perPage = 30;
const monthsShown = 6;
const dayMs = 86_400_000;
const mostCounted = 1_000;

export function incidentsView(
  ctx: ViewContext,
  ask: { before?: string | undefined; month?: string | undefined },
): IncidentsView {
  const hidden = new Set(ctx.settings.hide);
  const isShown = (i: Incident): boolean => !hidden.has(`${i.scope.kind}:${i.scope.id}`);
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(ask.month ?? '') ? (ask.month ?? null) : null;
  const span = month ? monthSpan(month) : null;
  const beforeMs = span?.toMs ?? (Number(ask.before) || undefined);
  const all = ctx.store.incidents
    .list({ isPublic: true, limit: perPage + 1, ...(beforeMs === undefined ? {} : { beforeMs }) })
    .filter((i) => isShown(i) && i.startedAtMs >= (span?.fromMs ?? 0));
  const shown = all.slice(0, perPage);
  const fresh = readFresh(ctx);
  return {
    untilMs: fresh.untilMs,
    position: fresh.position,
    open: fresh.incidents.filter((i) => i.status === 'open').map(incidentCard),
    past: shown.filter((i) => i.status === 'resolved').map(incidentCard),
    month,
    nextBefore: all.length > perPage ? String(shown.at(-1)?.startedAtMs ?? '') : null,
    months: calendar(ctx, isShown),
    documented: documentedOutages.map((o) => ({
      id: o.id,
      path: pathOf.incident(o.id),
      title: o.title,
      atMs: o.fromMs,
      minutes: o.minutes,
      isExact: o.isExact,
      impact: o.impact,
      sources: o.sources,
    })),
  };
}

function monthSpan(month: string): { fromMs: number; toMs: number } {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return { fromMs: Date.UTC(year, number - 1, 1), toMs: Date.UTC(year, number, 1) };
}

function calendar(ctx: ViewContext, isShown: (i: Incident) => boolean): CalendarMonth[] {
  const incidents = ctx.store.incidents.list({ isPublic: true, limit: mostCounted }).filter(isShown);
  const now = new Date(ctx.nowMs);
  return Array.from({ length: monthsShown }, (_, i) => {
    const atMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 1);
    const length = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i + 1, 0)).getUTCDate();
    const days = Array.from({ length }, (_, d) => calendarDay(incidents, atMs + d * dayMs, d + 1, ctx.nowMs));
    return {
      id: new Date(atMs).toISOString().slice(0, 7),
      atMs,
      offset: (new Date(atMs).getUTCDay() + 6) % 7,
      days,
      count: incidents.filter((x) => x.startedAtMs >= atMs && x.startedAtMs < atMs + length * dayMs).length,
    };
  });
}

function calendarDay(incidents: Incident[], atMs: number, day: number, nowMs: number): CalendarDay {
  const on = incidents.filter((i) => i.startedAtMs < atMs + dayMs && (i.resolvedAtMs ?? nowMs) >= atMs);
  const worst = on
    .map((i) => i.impact)
    .sort((a, b) => verdictWords[b].severity - verdictWords[a].severity)[0];
  return { day, count: on.length, worst: worst ?? null, isFuture: atMs > nowMs };
}
