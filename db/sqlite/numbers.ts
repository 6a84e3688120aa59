import { countedAs } from '../../lib/core/availability.ts';
import { isSameModel } from '../../lib/core/canonical-model.ts';
import { medianEstimate, pairedDifferences, shareEstimate, type Timed } from '../../lib/core/estimate.ts';
import type { Watched } from '../../lib/core/fleet.ts';
import type { EndpointFact, Incident, NoticeFact } from '../../lib/core/plan.ts';
import { medianOf } from '../../lib/core/statistics.ts';
import { providerBase } from '../../lib/core/target.ts';
import type { QuotedNumbers } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import type { RawLook, RawReader } from './raw.ts';
import { keptFromMs } from './roll-up.ts';
import { targetByKey } from './targets.ts';

/** Figures from raw looks that were made at the same time, because everything else is different at different times. */

interface Period {
  fromMs: number;
  toMs: number;
}

export function quotedNumbers(db: Connection, raw: RawReader, period: Period): QuotedNumbers {
  const routes = watchedRoutes(db);
  const read = lookReader(db, raw, period);
  const pairs = directPairs(routes);
  return {
    fromMs: Math.max(period.fromMs, keptFromMs(db)),
    overhead: pairs.map(({ route, direct }) => ({
      ...named(route),
      headersMs: difference(read, route, direct, 'headersMs'),
      firstTokenMs: difference(read, route, direct, 'firstTokenMs'),
    })),
    failover: failovers(routes, read),
    lag: lags(db, period),
    markup: pairs.map((pair) => markup(db, pair)).filter((one) => one !== null),
  };
}

function watchedRoutes(db: Connection): Watched[] {
  const rows = db
    .read(
      "select watched as body from targets where watched is not null and probe = 'completion' order by position",
    )
    .all() as { body: string }[];
  return rows.map((row) => JSON.parse(row.body) as Watched);
}

function named({ target }: Watched): { gateway: string; provider: string; model: string } {
  return { gateway: target.gateway ?? '', provider: target.provider ?? '', model: target.model ?? '' };
}

/** What the figures need of a look, and no more: a month of them is held at once. */
interface Seen {
  atMs: number;
  /** Null: our own doing. */
  hasWorked: boolean | null;
  headersMs: number | null;
  firstTokenMs: number | null;
}
type ReadLooks = (route: Watched) => Seen[];

/** Each route is read once, however many figures it is in. */
function lookReader(db: Connection, raw: RawReader, period: Period): ReadLooks {
  const known = new Map<string, Seen[]>();
  return ({ key }) => {
    let looks = known.get(key);
    if (!looks) {
      known.set(key, (looks = []));
      const list = looks;
      const target = targetByKey(db, key);
      if (target)
        raw.each({ targetId: target.id }, period.fromMs, period.toMs, (look) => void list.push(seenOf(look)));
      list.sort((a, b) => a.atMs - b.atMs);
    }
    return looks;
  };
}

function seenOf(look: RawLook): Seen {
  const measured = (us: number | null) => (look.shape.isMeasure && us !== null ? us / 1000 : null);
  return {
    atMs: look.atMs,
    hasWorked: hasWorked(look),
    headersMs: measured(look.headersUs),
    firstTokenMs: measured(look.firstTokenUs),
  };
}

interface Pair {
  route: Watched;
  direct: Watched;
}

/** The same model of the same provider, once through a gateway and once without. */
function directPairs(routes: readonly Watched[]): Pair[] {
  const direct = routes.filter((one) => one.target.gateway === 'direct');
  return routes
    .filter((one) => one.target.gateway !== 'direct' && one.target.provider !== 'any')
    .flatMap((route) => {
      const partner = direct.find(
        (one) =>
          providerBase(one.target.provider ?? '') === providerBase(route.target.provider ?? '') &&
          isSameModel(one.target.model ?? '', route.target.model ?? ''),
      );
      return partner ? [{ route, direct: partner }] : [];
    });
}

function difference(
  read: ReadLooks,
  route: Watched,
  direct: Watched,
  what: 'headersMs' | 'firstTokenMs',
): ReturnType<typeof medianEstimate> {
  const timed = (one: Watched): Timed[] =>
    read(one).flatMap((look) => {
      const value = look[what];
      return value === null ? [] : [{ atMs: look.atMs, value }];
    });
  return medianEstimate(
    pairedDifferences(timed(route), timed(direct), Math.max(route.everyMs, direct.everyMs)),
  );
}

/** Of a caller's view, in which a 429 is a failed call; null: our own doing, which choosing another would not have saved. */
function hasWorked({ shape }: RawLook): boolean | null {
  switch (countedAs(shape.outcome, 'strict')) {
    case 'good':
    case 'degraded':
      return true;
    case 'bad':
      return false;
    default:
      return null;
  }
}

function failovers(routes: readonly Watched[], read: ReadLooks): QuotedNumbers['failover'] {
  return routes
    .filter((one) => one.target.provider === 'any')
    .map((free) => {
      const pinned = routes.filter(
        (one) =>
          one.target.provider !== 'any' &&
          one.target.gateway === free.target.gateway &&
          isSameModel(one.target.model ?? '', free.target.model ?? ''),
      );
      const { gateway, model } = named(free);
      return { gateway, model, ...failover(read(free), pinned.map(read), free.everyMs) };
    });
}

function failover(
  free: readonly Seen[],
  pinned: readonly Seen[][],
  withinMs: number,
): Pick<QuotedNumbers['failover'][number], 'saved' | 'paidMs'> {
  const failures = pinned
    .flat()
    .filter((look) => look.hasWorked === false)
    .map((look) => look.atMs)
    .sort((a, b) => a - b);
  // Each free look once: it was either made while a pinned one failed, or it shows how long it takes otherwise.
  const judged = free.filter((look) => look.hasWorked !== null);
  const during = judged.filter((look) => isNear(failures, look.atMs, withinMs));
  const calm = judged.filter((look) => !isNear(failures, look.atMs, withinMs));
  const usualMs = medianOf(firstTokens(calm));
  return {
    saved: shareEstimate(during.filter((look) => look.hasWorked).length, during.length),
    paidMs: usualMs === null ? null : medianEstimate(firstTokens(during).map((ms) => ms - usualMs)),
  };
}

const firstTokens = (looks: readonly Seen[]) =>
  looks.flatMap(({ firstTokenMs }) => (firstTokenMs === null ? [] : [firstTokenMs]));

function isNear(sorted: readonly number[], atMs: number, withinMs: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < atMs - withinMs) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? Number.POSITIVE_INFINITY) <= atMs + withinMs;
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

function markup(db: Connection, { route, direct }: Pair): QuotedNumbers['markup'][number] | null {
  if (!direct.price) return null;
  const { gateway, provider, model } = named(route);
  const [endpoint] = bodies<EndpointFact>(
    db,
    'select body from endpoints where gateway = ? and model = ?',
    gateway,
    model,
  ).filter((one) => one.tag === (route.endpoint ?? provider) || one.provider === provider);
  const price = endpoint ?? route.price;
  if (!price) return null;
  const times = (ours: number | null, theirs: number) =>
    ours === null || theirs <= 0 ? null : ours / theirs;
  return {
    gateway,
    provider,
    model,
    prompt: times(price.promptUsd, direct.price.promptUsd),
    completion: times(price.completionUsd, direct.price.completionUsd),
  };
}
