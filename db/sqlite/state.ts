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
  const { confidence, observedAtMs, reason, ...decision } = route;
  return JSON.stringify({ ...decision, level: confidence.level });
}

export function stateWriter(db: Connection): StateWriter {
  const routes = new Map<string, { body: string; decision: string; verdict: string }>();
  const components = new Map<string, { body: string; verdict: string }>();
  let guard: string | null = null;
  let isLoaded = false;
  const forget = () => {
    isLoaded = false;
  };
  db.onRollback(forget);

  function load(): void {
    routes.clear();
    components.clear();
    for (const row of db.change('select target_id as id, body from routes').all() as Row[]) {
      const state = JSON.parse(row.body) as RouteState;
      routes.set(row.id, { body: row.body, decision: decisionOf(state), verdict: state.verdict });
    }
    for (const row of db.change('select key as id, body from components').all() as Row[])
      components.set(row.id, { body: row.body, verdict: (JSON.parse(row.body) as ComponentState).verdict });
    guard = (db.change('select body from guard').get() as Row | undefined)?.body ?? null;
    isLoaded = true;
  }

  function writeRoute(route: RouteState, atMs: number): void {
    const known = routes.get(route.targetId);
    const body = JSON.stringify(route);
    if (known?.body === body) return;
    const decision = decisionOf(route);
    if (route.removed) db.change('delete from routes where target_id = ?').run(route.targetId);
    else putBody(db, 'routes', 'target_id', route.targetId, body);
    if (known?.verdict !== route.verdict) writeVerdict(db, route.targetId, route.stateSinceMs, route.verdict);
    if (known?.decision !== decision && (known || !route.removed))
      writeFeedChange(db, {
        atMs,
        kind: route.removed ? 'target_removed' : 'target',
        id: route.targetId,
        body: route,
      });
    if (route.removed) routes.delete(route.targetId);
    else routes.set(route.targetId, { body, decision, verdict: route.verdict });
  }

  function writeComponent(component: ComponentState): void {
    const key = `${component.kind}:${component.id}`;
    const known = components.get(key);
    const body = JSON.stringify(component);
    if (known?.body === body) return;
    putBody(db, 'components', 'key', key, body);
    if (known?.verdict !== component.verdict) writeVerdict(db, key, component.sinceMs, component.verdict);
    components.set(key, { body, verdict: component.verdict });
  }

  function writeGuard(state: GuardState, atMs: number): void {
    const body = JSON.stringify(state);
    if (guard === body) return;
    db.change(
      'insert into guard (id, body) values (1, ?) on conflict (id) do update set body = excluded.body',
    ).run(body);
    writeFeedChange(db, { atMs, kind: 'guard', id: 'guard', body: state });
    guard = body;
  }

  return {
    verdictOf(targetId) {
      if (!isLoaded) load();
      return routes.get(targetId)?.verdict ?? null;
    },
    apply(plan, atMs) {
      if (!isLoaded) load();
      for (const component of plan.components) writeComponent(component);
      for (const route of plan.routes) writeRoute(route, atMs);
      if (plan.guard) writeGuard(plan.guard, atMs);
      for (const incident of plan.incidents) writeDecidedIncident(db, incident, atMs);
      writeEvents(db, plan.events);
      writeDrafts(db, plan.deliveries ?? [], atMs);
    },
  };
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
