import type { ComponentState } from '#lib/core/plan.ts';
import type { Convention } from '#lib/core/words.ts';
import { keysOf } from './component-row.ts';
import type { ViewContext } from './context.ts';
import { conventionOf } from './convention.ts';
import { type Fresh, readFresh } from './fresh.ts';
import { type IncidentCard, incidentCard } from './incident-card.ts';
import { gatewayName, providerNames } from './names.ts';
import { componentPath } from './paths.ts';
import { percentText, shareText } from './share.ts';

export interface SlaMonth {
  atMs: number;
  id: string;
  share: string | null;
  measured: string;
  badMinutes: number;
}
export interface SlaRow {
  key: string;
  kind: ComponentState['kind'];
  name: string;
  path: string | null;
  months: SlaMonth[];
}
export interface SlaView {
  convention: Convention;
  months: string[];
  rows: SlaRow[];
  untilMs: number | null;
}

const monthsShown = 6;

/** Months by component, each counted the same way; the way is in the address. */
export function slaView(ctx: ViewContext, ask: { convention?: string | undefined }): SlaView {
  const fresh = readFresh(ctx);
  const convention = conventionOf(ask.convention);
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const months = monthStarts(ctx.nowMs, monthsShown);
  const shown = fresh.components.filter(
    (c) => c.kind === 'gateway' || c.kind === 'provider' || c.kind === 'http',
  );
  return {
    convention,
    months: months.map((atMs) => new Date(atMs).toISOString().slice(0, 7)),
    rows: shown
      .map((c) => ({
        key: `${c.kind}:${c.id}`,
        kind: c.kind,
        name: c.kind === 'gateway' ? gatewayName(c.id) : c.kind === 'provider' ? name(c.id) : c.id,
        path: componentPath(c.kind, c.id),
        months: monthsOf(ctx, keysOf(c, fresh), months, convention),
      }))
      .sort(
        (a, b) => Number(b.kind === 'gateway') - Number(a.kind === 'gateway') || a.name.localeCompare(b.name),
      ),
    untilMs: fresh.untilMs,
  };
}

function monthStarts(nowMs: number, n: number): number[] {
  const now = new Date(nowMs);
  return Array.from({ length: n }, (_, i) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 1));
}

function monthsOf(
  ctx: ViewContext,
  targetKeys: string[],
  months: number[],
  convention: Convention,
): SlaMonth[] {
  return months.map((atMs) => {
    const at = new Date(atMs);
    const toMs = Math.min(ctx.nowMs, Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
    const a =
      targetKeys.length === 0
        ? null
        : ctx.store.history.availability({ targetKeys, fromMs: atMs, toMs, convention });
    return {
      atMs,
      id: at.toISOString().slice(0, 7),
      share: a ? shareText(a.share, a.badS, a.coverage) : null,
      measured: percentText(a?.coverage ?? 0),
      badMinutes: Math.ceil((a?.badS ?? 0) / Math.max(1, targetKeys.length) / 60),
    };
  });
}

export interface ReportView {
  month: string;
  months: string[];
  rows: SlaRow[];
  incidents: IncidentCard[];
  /** Longest first; what a reader wants to know of a month. */
  longest: IncidentCard | null;
  spent: { usd: number; requests: number };
}

/** One month as a page to keep and print. Null: not a month, or one that has not begun. */
export function reportView(
  ctx: ViewContext,
  month: string | null,
  ask: { convention?: string | undefined },
): ReportView | null {
  const months = monthStarts(ctx.nowMs, 12).map((atMs) => new Date(atMs).toISOString().slice(0, 7));
  const chosen = month ?? months[0] ?? '';
  if (!months.includes(chosen)) return null;
  const fromMs = Date.parse(`${chosen}-01T00:00:00Z`);
  const at = new Date(fromMs);
  const toMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  const incidents = ctx.store.incidents
    .list({ isPublic: true, beforeMs: toMs, limit: 200 })
    .filter((i) => i.startedAtMs >= fromMs)
    .map(incidentCard);
  const fresh: Fresh = readFresh(ctx);
  const convention = conventionOf(ask.convention);
  const spent = ctx.store.ledger.spent({ fromMs, toMs });
  const { rows } = slaView(ctx, ask);
  return {
    month: chosen,
    months,
    rows: rows.map((row) => {
      const component = fresh.components.find((c) => `${c.kind}:${c.id}` === row.key);
      return {
        ...row,
        months: component ? monthsOf(ctx, keysOf(component, fresh), [fromMs], convention) : [],
      };
    }),
    incidents,
    longest: [...incidents].sort((a, b) => lengthOf(b, ctx.nowMs) - lengthOf(a, ctx.nowMs))[0] ?? null,
    spent: { usd: spent.usd, requests: spent.requests },
  };
}

function lengthOf(card: IncidentCard, nowMs: number): number {
  return (card.resolvedAtMs ?? nowMs) - card.startedAtMs;
}
