import type { QuotedNumbers, SlaReport } from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import { keysOf } from './component-row.ts';
import type { ViewContext } from './context.ts';
import { conventionOf } from './convention.ts';
import { readFresh } from './fresh.ts';
import { type IncidentCard, incidentCard } from './incident-card.ts';
import { type ReportTable, reportTable } from './report-rows.ts';
import { percentText, shareText } from './share.ts';

export interface SlaMonth {
  atMs: number;
  id: string;
  share: string | null;
  measured: string;
}
export interface SlaView {
  convention: Convention;
  /** The period asked for, against the objectives. */
  table: ReportTable;
  /** Newest first. */
  months: string[];
  /** Each component's months, in the order of `months`. */
  history: { key: string; months: SlaMonth[] }[];
  untilMs: number | null;
}

const monthsShown = 6;
const dayMs = 86_400_000;
const longestMs = 2 * 366 * dayMs;

export interface SlaAsk {
  convention?: string | undefined;
  month?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  scope?: string | undefined;
}

/** A period against the objectives, and months side by side, each counted the same way; the way is in the address. */
export function slaView(ctx: ViewContext, ask: SlaAsk): SlaView {
  const fresh = readFresh(ctx);
  const convention = conventionOf(ask.convention);
  const table = reportTable(ctx, ctx.report({ ...periodOf(ask, ctx.nowMs), convention }), ask.scope || null);
  const months = monthStarts(ctx.nowMs, monthsShown);
  const shown = new Set(table.rows.map((row) => row.key));
  return {
    convention,
    table,
    months: months.map(monthId),
    history: fresh.components
      .filter((c) => shown.has(`${c.kind}:${c.id}`))
      .map((c) => ({
        key: `${c.kind}:${c.id}`,
        months: monthsOf(ctx, keysOf(c, fresh), months, convention),
      })),
    untilMs: fresh.untilMs,
  };
}

const monthId = (atMs: number) => new Date(atMs).toISOString().slice(0, 7);

function nextMonth(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

function monthStarts(nowMs: number, n: number): number[] {
  const now = new Date(nowMs);
  return Array.from({ length: n }, (_, i) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 1));
}

/** Whole UTC days; what makes no sense is the month that goes on. */
function periodOf({ month, from, to }: SlaAsk, nowMs: number): { fromMs: number; toMs: number } {
  const [current = nowMs] = monthStarts(nowMs, 1);
  const ofMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(month ?? '') ? Date.parse(`${month}-01T00:00:00Z`) : null;
  if (ofMonth !== null && ofMonth <= nowMs) return { fromMs: ofMonth, toMs: nextMonth(ofMonth) };
  const fromMs = dayOf(from);
  const toMs = dayOf(to) ?? nowMs;
  if (fromMs !== null && fromMs < toMs && toMs - fromMs <= longestMs) return { fromMs, toMs };
  return { fromMs: current, toMs: nextMonth(current) };
}

function dayOf(text: string | undefined): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text ?? '') ? Date.parse((text ?? '').slice(0, 10)) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function monthsOf(
  ctx: ViewContext,
  targetKeys: string[],
  months: number[],
  convention: Convention,
): SlaMonth[] {
  return months.map((atMs) => {
    const toMs = Math.min(ctx.nowMs, nextMonth(atMs));
    const a =
      targetKeys.length === 0
        ? null
        : ctx.store.history.availability({ targetKeys, fromMs: atMs, toMs, convention });
    return {
      atMs,
      id: monthId(atMs),
      share: a ? shareText(a.share, a.badS, a.coverage) : null,
      measured: percentText(a?.coverage ?? 0),
    };
  });
}

export interface ReportView {
  month: string;
  convention: Convention;
  months: string[];
  table: ReportTable;
  /** Null: the worker has not written them yet. */
  numbers: QuotedNumbers | null;
  creditFees: SlaReport['creditFees'];
  writtenAtMs: number | null;
  isFinal: boolean;
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
  const chosen = month ?? monthId(ctx.nowMs);
  if (!/^20\d{2}-(0[1-9]|1[0-2])$/.test(chosen)) return null;
  const fromMs = Date.parse(`${chosen}-01T00:00:00Z`);
  if (fromMs > ctx.nowMs) return null;
  const toMs = nextMonth(fromMs);
  const convention = conventionOf(ask.convention);
  const report = ctx.report({ fromMs, toMs, convention });
  const kept = ctx.month(chosen);
  const incidents = ctx.store.incidents
    .list({ isPublic: true, beforeMs: toMs, limit: 200 })
    .filter((i) => i.startedAtMs >= fromMs && !ctx.settings.hide.includes(`${i.scope.kind}:${i.scope.id}`))
    .map(incidentCard);
  return {
    month: chosen,
    convention,
    months: monthStarts(ctx.nowMs, 12).map(monthId),
    table: reportTable(ctx, report),
    numbers: report.numbers,
    creditFees: report.creditFees,
    writtenAtMs: kept?.writtenAtMs ?? null,
    isFinal: kept?.isFinal ?? false,
    incidents,
    longest: [...incidents].sort((a, b) => lengthOf(b, ctx.nowMs) - lengthOf(a, ctx.nowMs))[0] ?? null,
    spent: report.spent,
  };
}

function lengthOf(card: IncidentCard, nowMs: number): number {
  return (card.resolvedAtMs ?? nowMs) - card.startedAtMs;
}
