import { medianEstimate, shareEstimate } from '../../lib/core/estimate.ts';
import type { Incident, NoticeFact } from '../../lib/core/plan.ts';
import type { QuotedNumbers } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { partsIn } from './number-days.ts';
import type { NumberParts, Period } from './number-parts.ts';
import type { RawReader } from './raw.ts';

/** Figures of looks that were made at the same time, because everything else is different at different times. */
export function quotedNumbers(db: Connection, raw: RawReader, period: Period): QuotedNumbers {
  const { parts, fromMs } = partsIn(db, raw, period);
  return {
    fromMs,
    overhead: [...joined(parts, 'overhead').values()].map((days) => ({
      ...namesOf(days),
      headersMs: medianEstimate(days.flatMap((one) => one.headersMs)),
      firstTokenMs: medianEstimate(days.flatMap((one) => one.firstTokenMs)),
    })),
    failover: [...joined(parts, 'failover').values()].map(failoverOf),
    lag: lags(db, period),
    // Prices change: those of the period's last day are its own.
    markup: [...joined(parts, 'markup').values()].map((days) => days[days.length - 1]!),
  };
}

/** The same pair or the same model, day by day. */
function joined<K extends keyof NumberParts>(
  parts: readonly NumberParts[],
  kind: K,
): Map<string, NumberParts[K][number][]> {
  const byName = new Map<string, NumberParts[K][number][]>();
  for (const part of parts)
    for (const one of part[kind]) {
      const name = `${one.gateway} ${'provider' in one ? one.provider : ''} ${one.model}`;
      const list = byName.get(name);
      if (list) list.push(one);
      else byName.set(name, [one]);
    }
  return byName;
}

function namesOf([first]: NumberParts['overhead']): { gateway: string; provider: string; model: string } {
  const { gateway, provider, model } = first!;
  return { gateway, provider, model };
}

function failoverOf(days: NumberParts['failover']): QuotedNumbers['failover'][number] {
  const { gateway, model } = days[0]!;
  const sum = (what: 'during' | 'worked') => days.reduce((total, one) => total + one[what], 0);
  return {
    gateway,
    model,
    saved: shareEstimate(sum('worked'), sum('during')),
    paidMs: medianEstimate(days.flatMap((one) => one.paidMs)),
  };
}

/** A notice belongs to an incident if it began from this long before until this long after it. */
const beforeMs = 30 * 60_000;
const afterMs = 60 * 60_000;

function lags(db: Connection, period: Period): QuotedNumbers['lag'] {
  const incidents = bodies<Incident>(
    db,
    'select body from incidents where is_public = 1 and started_at_ms >= ? and started_at_ms < ?',
    period.fromMs,
    period.toMs,
  );
  const pages = db.readRaw('select distinct page from notices union select page from claims').all() as [
    string,
  ][];
  return pages
    .map(([page]) => {
      const ours = incidents.filter(
        ({ scope }) => scope.id === page && (scope.kind === 'gateway' || scope.kind === 'provider'),
      );
      const notices = bodies<NoticeFact>(
        db,
        'select body from notices where page = ? and sort_ms >= ? and sort_ms < ?',
        page,
        period.fromMs - beforeMs,
        period.toMs + afterMs,
      );
      const lagsMs = ours.flatMap((incident) => lagOf(incident, notices, db.nowMs()) ?? []);
      const silent = ours.length - lagsMs.length;
      return { page, incidents: ours.length, silent, lagMs: medianEstimate(lagsMs), lagsMs };
    })
    .filter((one) => one.incidents > 0);
}

/** When it was posted counts, not since when it claims to have been known. */
function lagOf(incident: Incident, notices: readonly NoticeFact[], nowMs: number): number | null {
  const untilMs = (incident.resolvedAtMs ?? nowMs) + afterMs;
  const posted = notices
    .filter((notice) => notice.kind === 'incident')
    .map((notice) => notice.postedAtMs ?? notice.startedAtMs)
    .filter(
      (atMs) => atMs !== null && atMs >= incident.startedAtMs - beforeMs && atMs <= untilMs,
    ) as number[];
  return posted.length === 0 ? null : Math.min(...posted) - incident.startedAtMs;
}

function bodies<T>(db: Connection, sql: string, ...parameters: unknown[]): T[] {
  return (db.read(sql).all(...parameters) as { body: string }[]).map((row) => JSON.parse(row.body) as T);
}
