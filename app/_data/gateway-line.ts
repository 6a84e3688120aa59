import type { ComponentState, EndpointFact } from '#lib/core/plan.ts';
import type { Verdict } from '#lib/core/words.ts';
import { worstClaim } from '#lib/core/worst-claim.ts';
import { keysOf } from './component-row.ts';
import { defaultConvention, type ViewContext } from './context.ts';
import type { Fresh } from './fresh.ts';
import { gatewayName } from './names.ts';
import { pathOf } from './paths.ts';
import { shareText } from './share.ts';

export interface StateLine {
  verdict: Verdict;
  sinceMs: number | null;
  reason: string;
}

export interface GatewayLine {
  id: string;
  name: string;
  path: string;
  chat: StateLine;
  catalog: StateLine | null;
  official: OfficialLine | null;
  reported: ReportedLine | null;
  /** Our own figure for the last day, to stand beside the gateway's. */
  ownDay: { share: string | null; coverage: number } | null;
}

export interface OfficialLine {
  verdict: Verdict;
  atMs: number | null;
  components: { name: string; verdict: Verdict }[];
  /** Only while we see an incident: minutes by which its page was ahead (positive) or behind (negative); null: it has not said so. */
  leadMinutes: number | null;
  isDisputed: boolean;
}

export interface ReportedLine {
  /** Endpoints with a figure, and how many of them are below what the gateway itself calls healthy. */
  endpoints: number;
  below: number;
  medianUptime: string | null;
}

const dayMs = 86_400_000;
const healthyUptime = 95;

export function gatewayLine(id: string, ctx: ViewContext, fresh: Fresh): GatewayLine {
  const chat = stateLine(find(fresh, 'gateway', id));
  return {
    id,
    name: gatewayName(id),
    path: pathOf.gateway(id),
    chat: chat ?? { verdict: 'unknown', sinceMs: null, reason: '' },
    catalog: stateLine(find(fresh, 'catalog', id)),
    official: officialLine(id, fresh),
    reported: id === 'openrouter' ? reportedLine(reportedEndpoints(ctx, fresh)) : null,
    ownDay: ownDay(id, ctx, fresh),
  };
}

export function stateLine(component: ComponentState | undefined): StateLine | null {
  return component
    ? { verdict: component.verdict, sinceMs: component.sinceMs, reason: component.reason }
    : null;
}

export function find(fresh: Fresh, kind: ComponentState['kind'], id: string): ComponentState | undefined {
  return fresh.components.find((c) => c.kind === kind && c.id === id);
}

function officialLine(id: string, fresh: Fresh): OfficialLine | null {
  const claim = fresh.claims.find((c) => c.page === id);
  if (!claim) return null;
  const open = fresh.incidents.find(
    (i) => i.status === 'open' && i.scope.kind === 'gateway' && i.scope.id === id,
  );
  // With our own connection down nobody's page can have been read either.
  const isStale = fresh.freshness !== 'fresh' || fresh.guard.self === 'blind';
  const verdict = isStale ? 'unknown' : worstClaim(claim.claims);
  const witness = open?.evidence.witnesses.find((w) => w.leadMs !== null);
  return {
    verdict,
    atMs: claim.atMs,
    components: claim.claims.map((c) => ({ name: c.component, verdict: isStale ? 'unknown' : c.status })),
    leadMinutes: witness?.leadMs == null ? null : Math.round(witness.leadMs / 60_000),
    isDisputed: open !== undefined && verdict === 'operational',
  };
}

/** The gateway's own figures: of the models we check, or of whatever it lists where none is checked. */
export function reportedEndpoints(ctx: ViewContext, fresh: Fresh): EndpointFact[] {
  const checked = [...fresh.endpoints.values()].flat();
  return checked.length > 0 ? checked : ctx.store.catalog.endpoints({ gateway: 'openrouter' });
}

function reportedLine(all: EndpointFact[]): ReportedLine | null {
  const recent = all.map((e) => e.uptime30m ?? e.uptime5m).filter((u): u is number => u !== null);
  const day = all
    .map((e) => e.uptime1d)
    .filter((u): u is number => u !== null)
    .sort((a, b) => a - b);
  if (recent.length === 0 && day.length === 0) return null;
  const median = day[day.length >> 1];
  return {
    endpoints: Math.max(recent.length, day.length),
    below: recent.filter((u) => u < healthyUptime).length,
    medianUptime: median === undefined ? null : (Math.floor(median * 100) / 100).toFixed(2),
  };
}

interface Kept {
  key: string;
  own: NonNullable<GatewayLine['ownDay']>;
}

/** A day's figure moves by less than a thousandth in a minute, and reading it is a third of a page's work. */
const keptDays = new WeakMap<ViewContext['store']['history'], Map<string, Kept>>();

function ownDay(id: string, ctx: ViewContext, fresh: Fresh): GatewayLine['ownDay'] {
  const targetKeys = keysOf({ kind: 'gateway', id }, fresh);
  if (targetKeys.length === 0) return null;
  const { history } = ctx.store;
  const key = `${Math.floor(ctx.nowMs / 60_000)} ${targetKeys.length}`;
  const days = keptDays.get(history) ?? new Map<string, Kept>();
  const kept = days.get(id);
  if (kept?.key === key) return kept.own;
  const a = history.availability({
    targetKeys,
    fromMs: ctx.nowMs - dayMs,
    toMs: ctx.nowMs,
    convention: defaultConvention,
  });
  const own = { share: shareText(a.share, a.badS, a.coverage), coverage: a.coverage };
  keptDays.set(history, days.set(id, { key, own }));
  return own;
}
