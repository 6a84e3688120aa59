import type { Incident, TimelineEntry } from '../../lib/core/plan.ts';
import type { Incidents } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { writeDrafts } from './drafts.ts';
import { writeEvents, writeFeedChange } from './events.ts';

const scopeKeyOf = (incident: Incident) => `${incident.scope.kind}:${incident.scope.id}`;

export function readIncident(db: Connection, id: string): Incident | null {
  const row = db.read('select body from incidents where id = ?').get(id) as { body: string } | undefined;
  return row ? (JSON.parse(row.body) as Incident) : null;
}

function storedIncident(db: Connection, id: string): Incident | null {
  const row = db.change('select body from incidents where id = ?').get(id) as { body: string } | undefined;
  return row ? (JSON.parse(row.body) as Incident) : null;
}

const lineKey = (entry: TimelineEntry) => `${entry.atMs} ${entry.kind} ${entry.by} ${entry.text}`;

function mergeTimelines(
  stored: readonly TimelineEntry[],
  decided: readonly TimelineEntry[],
): TimelineEntry[] {
  const known = new Set(decided.map(lineKey));
  const written = stored.filter((entry) => entry.by !== 'machine' && !known.has(lineKey(entry)));
  return [...decided, ...written].sort((a, b) => a.atMs - b.atMs);
}

function wasEndedByHand(stored: Incident, decided: Incident): boolean {
  const ended = stored.timeline.findLast((entry) => entry.kind === 'resolved' || entry.kind === 'merged');
  if (stored.status !== 'resolved' || !ended || ended.by === 'machine') return false;
  return !decided.timeline.some((entry) => entry.kind === 'reopened' && entry.atMs >= ended.atMs);
}

/** What a person has written stays: the deciding thread may not have seen it yet. */
function keepHandwriting(stored: Incident, decided: Incident): Incident {
  const merged: Incident = {
    ...decided,
    timeline: mergeTimelines(stored.timeline, decided.timeline),
    acknowledgedBy: decided.acknowledgedBy ?? stored.acknowledgedBy,
    pinned: [...new Set([...stored.pinned, ...decided.pinned])],
  };
  if (stored.mergedInto) merged.mergedInto = stored.mergedInto;
  if (stored.splitFrom) merged.splitFrom = stored.splitFrom;
  if (stored.absorbed) merged.absorbed = stored.absorbed;
  if (stored.released) merged.released = stored.released;
  if (stored.pinned.includes('scope')) merged.scope = stored.scope;
  if (stored.pinned.includes('title')) merged.title = stored.title;
  if (stored.pinned.includes('impact')) merged.impact = stored.impact;
  if (wasEndedByHand(stored, decided)) {
    merged.status = 'resolved';
    merged.resolvedAtMs = stored.resolvedAtMs;
  }
  return merged;
}

/** Writes a decision about an incident, and its line in the feed if anything changed. */
export function writeDecidedIncident(db: Connection, decided: Incident, atMs: number): void {
  const stored = storedIncident(db, decided.id);
  const incident = stored ? keepHandwriting(stored, decided) : decided;
  if (stored && JSON.stringify(stored) === JSON.stringify(incident)) return;
  putIncident(db, incident);
  writeFeedChange(db, { atMs, kind: 'incident', id: incident.id, body: incident });
}

function putIncident(db: Connection, incident: Incident): void {
  db.change(
    `insert into incidents (id, scope_key, status, is_public, started_at_ms, resolved_at_ms, body) values (?,?,?,?,?,?,?)
     on conflict (id) do update set scope_key = excluded.scope_key, status = excluded.status, is_public = excluded.is_public,
       started_at_ms = excluded.started_at_ms, resolved_at_ms = excluded.resolved_at_ms, body = excluded.body`,
  ).run(
    incident.id,
    scopeKeyOf(incident),
    incident.status,
    incident.isPublic ? 1 : 0,
    Math.round(incident.startedAtMs),
    incident.resolvedAtMs === null ? null : Math.round(incident.resolvedAtMs),
    JSON.stringify(incident),
  );
}

export function incidentsPort(db: Connection): Incidents {
  return {
    list(query) {
      const rows = db
        .read(
          `select body from incidents where (:status is null or status = :status) and started_at_ms < :before
             and (:scope is null or scope_key = :scope) and (:public is null or is_public = :public)
           order by started_at_ms desc, id desc limit :limit`,
        )
        .all({
          status: query.status ?? null,
          before: query.beforeMs ?? Number.MAX_SAFE_INTEGER,
          scope: query.scope ?? null,
          public: query.isPublic === undefined ? null : Number(query.isPublic),
          limit: query.limit,
        }) as { body: string }[];
      return rows.map((row) => JSON.parse(row.body) as Incident);
    },
    get: (id) => readIncident(db, id),
    edit: (id, change) =>
      db.write(() => {
        const stored = storedIncident(db, id);
        const edited = stored && change(stored);
        if (!edited) return null;
        putIncident(db, edited.incident);
        const atMs = edited.events[0]?.atMs ?? db.nowMs();
        writeFeedChange(db, { atMs, kind: 'incident', id, body: edited.incident });
        for (const other of edited.others ?? []) {
          putIncident(db, other);
          writeFeedChange(db, { atMs, kind: 'incident', id: other.id, body: other });
        }
        writeEvents(db, edited.events);
        writeDrafts(db, edited.deliveries ?? [], atMs);
        return edited.incident;
      }),
    add: (incident, events, deliveries = []) =>
      db.write(() => {
        writeDecidedIncident(db, incident, incident.openedAtMs);
        writeEvents(db, events);
        writeDrafts(db, deliveries, events[0]?.atMs ?? incident.openedAtMs);
      }),
  };
}
