import type { Incident } from '#lib/core/plan.ts';
import { answerOf } from './answer.ts';
import { barShelf } from './bars.ts';
import { type ChainLine, chainLines } from './chain-line.ts';
import { componentRows, type RowGroup } from './component-row.ts';
import { defaultConvention, type ViewContext } from './context.ts';
import { type Cost, costOf } from './cost.ts';
import { type Fresh, type Freshness, readFresh } from './fresh.ts';
import { type GatewayLine, gatewayLine } from './gateway-line.ts';
import { type IncidentCard, incidentCard } from './incident-card.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { providerNames } from './names.ts';
import { narrowed, type WatchedAnswer, type WatchList, watchedAnswer, watchList } from './watch.ts';

export interface OverviewView {
  freshness: Freshness;
  asOfMs: number | null;
  untilMs: number | null;
  position: string;
  answer: WatchedAnswer;
  watch: WatchList | null;
  open: IncidentCard[];
  recent: IncidentCard[];
  gateways: GatewayLine[];
  matrix: Matrix;
  groups: RowGroup[];
  chains: ChainLine[];
  cost: Cost;
  isEmailOffered: boolean;
  /** False: nothing is paid for, so nothing but the free checks runs. */
  hasRoutes: boolean;
}

const recentDays = 7;
const recentShown = 3;
const dayMs = 86_400_000;

export function overviewView(ctx: ViewContext, asked: { watch?: string | undefined } = {}): OverviewView {
  const fresh = readFresh(ctx);
  const { answer, watch, incidents } = firstLine(ctx, fresh, asked.watch);
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const shelf = barShelf(ctx, defaultConvention);
  const past = fresh.incidents.filter(
    (i) => i.status === 'resolved' && i.startedAtMs > ctx.nowMs - recentDays * dayMs,
  );
  return {
    freshness: fresh.freshness,
    asOfMs: fresh.asOfMs,
    untilMs: fresh.untilMs,
    position: fresh.position,
    answer,
    watch,
    open: incidents.filter((i) => i.status === 'open').map(incidentCard),
    recent: past.slice(0, recentShown).map(incidentCard),
    gateways: gatewayIds(ctx, fresh).map((id) => gatewayLine(id, ctx, fresh)),
    matrix: matrixOf(ctx, fresh, name),
    groups: componentRows({ ctx, fresh, shelf, name }),
    chains: chainLines(fresh, name),
    cost: costOf(ctx),
    isEmailOffered: ctx.settings.hasSmtp,
    hasRoutes: fresh.routes.length > 0,
  };
}

/** What the first line of the page is made of, for its title too. */
export function firstLine(
  ctx: Pick<ViewContext, 'nowMs'>,
  fresh: Fresh,
  asked: string | undefined,
): { answer: WatchedAnswer; watch: WatchList | null; incidents: Incident[] } {
  const watch = watchList(fresh, asked);
  if (!watch)
    return { watch, answer: { ...answerOf(fresh, ctx.nowMs), watched: null }, incidents: fresh.incidents };
  const told = narrowed(fresh, watch);
  return { watch, answer: watchedAnswer(told, watch, ctx.nowMs), incidents: told.incidents };
}

/** The gateways of the configuration, and any a decision speaks of. */
export function gatewayIds(ctx: ViewContext, fresh: Fresh): string[] {
  const seen = fresh.components.filter((c) => c.kind === 'gateway').map((c) => c.id);
  const all = [...new Set([...ctx.settings.gateways, ...seen])].filter((id) => id !== 'direct');
  return all.length > 0 ? all : ['openrouter'];
}
