import type { Watched } from '#lib/core/fleet.ts';
import type { AccountFound, Incident } from '#lib/core/plan.ts';
import type { DeliveryLine, Receiver } from '#lib/store.ts';
import type { ViewContext } from './context.ts';
import { type Cost, costOf } from './cost.ts';
import { readFresh } from './fresh.ts';
import type { AdminFacts } from './web.ts';

export const adminTabs = [
  'incidents',
  'maintenance',
  'channels',
  'budget',
  'accounts',
  'targets',
  'config',
  'health',
  'audit',
] as const;
export type AdminTab = (typeof adminTabs)[number];

export interface AdminView {
  tab: AdminTab;
  nowMs: number;
  incidents: Incident[];
  scopes: string[];
  receivers: Receiver[];
  deliveries: DeliveryLine[];
  pending: { due: number; dead: number };
  cost: Cost;
  months: { month: string; gateway: string; usd: number; requests: number }[];
  days: { dayMs: number; gateway: string; usd: number; requests: number }[];
  accounts: { id: string; facts: AccountFound & { atMs: number } }[];
  targets: { watched: Watched; lastAtMs: number | null }[];
  facts: AdminFacts;
  beat: { atMs: number; startedAtMs: number; place: string } | null;
  guard: { state: string; self: string };
}

const dayMs = 86_400_000;
const listed = 100;

export function tabOf(segments: string[] | undefined): AdminTab | null {
  if (!segments || segments.length === 0) return 'incidents';
  return segments.length === 1 ? (adminTabs.find((tab) => tab === segments[0]) ?? null) : null;
}

/** Everything the administrator may see; each page reads only what its tab shows. */
export function adminView(ctx: ViewContext, tab: AdminTab, facts: AdminFacts | null): AdminView {
  const { store, nowMs } = ctx;
  const fresh = readFresh(ctx);
  const beat = store.upkeep.lastBeat();
  const pending = store.outbox.pending(nowMs);
  return {
    tab,
    nowMs,
    incidents: tab === 'incidents' ? store.incidents.list({ limit: listed }) : [],
    scopes: fresh.components.map((c) => `${c.kind}:${c.id}`),
    receivers: tab === 'channels' ? store.people.receivers() : [],
    deliveries: tab === 'channels' ? store.outbox.log({ limit: listed }) : [],
    pending: { due: pending.due, dead: pending.dead },
    cost: costOf(ctx),
    months: tab === 'budget' ? store.ledger.months() : [],
    days: tab === 'budget' ? store.ledger.days({ fromMs: nowMs - 30 * dayMs, toMs: nowMs }) : [],
    accounts: tab === 'accounts' ? accountsOf(ctx) : [],
    targets: tab === 'targets' ? targetsOf(ctx) : [],
    facts: facts ?? { config: [], audit: [], health: [], maintenance: [], mutes: [] },
    beat: beat && { atMs: beat.atMs, startedAtMs: beat.startedAtMs, place: beat.vantage },
    guard: { state: fresh.guard.state, self: fresh.guard.self },
  };
}

function accountsOf(ctx: ViewContext): AdminView['accounts'] {
  const ids = ctx.facts.fleet
    .filter((w) => w.probe === 'account')
    .map((w) => w.target.provider ?? w.target.gateway ?? '');
  return [...new Set(ids)].flatMap((id) => {
    const facts = ctx.store.catalog.account(id);
    return facts ? [{ id, facts }] : [];
  });
}

function targetsOf(ctx: ViewContext): AdminView['targets'] {
  const seen = ctx.store.looks.lastSeenAt();
  return ctx.facts.fleet.map((watched) => ({ watched, lastAtMs: seen.get(watched.key) ?? null }));
}
