import type { ComponentState, GuardState, Plan, RouteState } from '../../lib/core/plan.ts';
import type { Connection } from './connection.ts';
import { writeDrafts } from './drafts.ts';
import { writeEvents, writeFeedChange } from './events.ts';
import { writeDecidedIncident } from './incidents.ts';
import { reviseDay } from './look-write.ts';

/** What is published now, as last decided; rewritten only where it differs. */
export interface StateWriter {
  apply(plan: Plan, atMs: number): void;
  /** Of a route, as last decided. */
  verdictOf(targetId: string): string | null;
}

/** A route's decision without what only says how fresh it is: that alone is no change of the feed. */
function decisionOf(route: RouteState): string {
  const { confidence, observedAtMs, reason, circuit, ...decision } = route;
  // When it opened before is no part of what is decided now.
  return JSON.stringify({ ...decision, circuit: { ...circuit, openedAtMs: [] }, level: confidence.level });
}

/** The bodies that are stored, remembered so that what is decided again as it was costs no write. */
interface Known {
  routes: Map<string, { body: string; decision: string; verdict: string }>;
  components: Map<string, { body: string; verdict: string }>;
  guard: string | null;
}

export function stateWriter(db: Connection): StateWriter {
  let known: Known | null = null;
  db.onRollback(() => {
    known = null;
  });
  return {
    verdictOf(targetId) {
      known ??= readKnown(db);
      return known.routes.get(targetId)?.verdict ?? null;
    },
    apply(plan, atMs) {
      known ??= readKnown(db);
      for (const component of plan.components) writeComponent(db, known, component);
      for (const route of plan.routes) writeRoute(db, known, route, atMs);
      if (plan.guard) writeGuard(db, known, plan.guard, atMs);
      for (const incident of plan.incidents) writeDecidedIncident(db, incident, atMs);
      writeEvents(db, plan.events);
      writeDrafts(db, plan.deliveries ?? [], atMs);
    },
  };
}

function readKnown(db: Connection): Known {
  const rows = (sql: string) => db.change(sql).all() as Row[];
  const routes: Known['routes'] = new Map();
  for (const { id, body } of rows('select target_id as id, body from routes')) {
    const state = JSON.parse(body) as RouteState;
    routes.set(id, { body, decision: decisionOf(state), verdict: state.verdict });
  }
  const components: Known['components'] = new Map();
  for (const { id, body } of rows('select key as id, body from components'))
    components.set(id, { body, verdict: (JSON.parse(body) as ComponentState).verdict });
  const guard = db.change('select body from guard').get() as { body: string } | undefined;
  return { routes, components, guard: guard?.body ?? null };
}

function writeRoute(db: Connection, known: Known, route: RouteState, atMs: number): void {
  const id = route.targetId;
  const old = known.routes.get(id);
  const body = JSON.stringify(route);
  if (old?.body === body) return;
  const decision = decisionOf(route);
  if (route.removed) db.change('delete from routes where target_id = ?').run(id);
  else putBody(db, 'routes', 'target_id', id, body);
  // What nobody watches any more is in no state, whatever it was in last.
  if (route.removed) writeVerdict(db, id, atMs, 'unknown');
  else if (old?.verdict !== route.verdict) writeVerdict(db, id, route.stateSinceMs, route.verdict);
  if (old?.decision !== decision && (old || !route.removed)) {
    const kind = route.removed ? 'target_removed' : 'target';
    writeFeedChange(db, { atMs, kind, id, body: route });
  }
  if (route.removed) known.routes.delete(id);
  else known.routes.set(id, { body, decision, verdict: route.verdict });
}

function writeComponent(db: Connection, known: Known, component: ComponentState): void {
  const key = `${component.kind}:${component.id}`;
  const old = known.components.get(key);
  const body = JSON.stringify(component);
  if (old?.body === body) return;
  putBody(db, 'components', 'key', key, body);
  if (old?.verdict !== component.verdict) writeVerdict(db, key, component.sinceMs, component.verdict);
  known.components.set(key, { body, verdict: component.verdict });
}

function writeGuard(db: Connection, known: Known, state: GuardState, atMs: number): void {
  const body = JSON.stringify(state);
  if (known.guard === body) return;
  db.change(
    'insert into guard (id, body) values (1, ?) on conflict (id) do update set body = excluded.body',
  ).run(body);
  writeFeedChange(db, { atMs, kind: 'guard', id: 'guard', body: state });
  known.guard = body;
}

interface Row {
  id: string;
  body: string;
}

function putBody(
  db: Connection,
  table: 'routes' | 'components',
  key: string,
  id: string,
  body: string,
): void {
  db.change(
    `insert into ${table} (${key}, body) values (?, ?) on conflict (${key}) do update set body = excluded.body`,
  ).run(id, body);
}

function writeVerdict(db: Connection, key: string, atMs: number, verdict: string): void {
  db.change(
    'insert into verdict_changes (key, at_ms, verdict) values (?,?,?) on conflict do update set verdict = excluded.verdict',
  ).run(key, Math.round(atMs), verdict);
  reviseDay(db, atMs);
}
