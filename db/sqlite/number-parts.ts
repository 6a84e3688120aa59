import { countedAs } from '../../lib/core/availability.ts';
import { isSameModel } from '../../lib/core/canonical-model.ts';
import { pairs, type Timed } from '../../lib/core/estimate.ts';
import type { Watched } from '../../lib/core/fleet.ts';
import type { EndpointFact } from '../../lib/core/plan.ts';
import { medianOf } from '../../lib/core/statistics.ts';
import { providerBase } from '../../lib/core/target.ts';
import type { Connection } from './connection.ts';
import { dayMs } from './keys.ts';
import type { RawLook, RawReader } from './raw.ts';

/** What the quoted numbers are made of, from raw looks: parts of several days can be put together, numbers cannot. */

export interface Period {
  fromMs: number;
  toMs: number;
}
interface Named {
  gateway: string;
  provider: string;
  model: string;
}
export interface NumberParts {
  /** How much later through the gateway, look by look. */
  overhead: (Named & { headersMs: number[]; firstTokenMs: number[] })[];
  /** Calls the gateway chose for, made while a pinned route failed: how many worked, and how much later than the others of their day. */
  failover: {
    gateway: string;
    model: string;
    during: number;
    worked: number;
    paidMs: number[];
  }[];
  markup: (Named & { prompt: number | null; completion: number | null })[];
}

export function partsOf(db: Connection, raw: RawReader, period: Period): NumberParts {
  const routes = routesIn(db, raw, period);
  const pairsOfRoutes = directPairs(routes);
  const isIn = ({ atMs }: { atMs: number }) => atMs >= period.fromMs && atMs < period.toMs;
  return {
    overhead: pairsOfRoutes.map(({ route, direct }) => ({
      ...named(route),
      headersMs: difference(route, direct, 'headersMs', isIn),
      firstTokenMs: difference(route, direct, 'firstTokenMs', isIn),
    })),
    failover: failovers(routes, isIn),
    markup: pairsOfRoutes.map((pair) => markup(db, pair)).filter((one) => one !== null),
  };
}

/** What the figures need of a look, and no more: a day of them is held at once. */
interface Seen {
  atMs: number;
  /** Null: our own doing. */
  hasWorked: boolean | null;
  headersMs: number | null;
  firstTokenMs: number | null;
}
/** A route with its looks; one that is watched no longer has no price and no name of an endpoint. */
interface Route {
  target: Watched['target'];
  price: Watched['price'] | null;
  endpoint: string | null;
  /** Read once, and only where a figure needs it: most routes are in none. */
  read(): { looks: Seen[]; everyMs: number };
}

const usualEveryMs = 60_000;
/** Looks beside the period are partners of looks in it. */
const longestEveryMs = dayMs / 4;

/** Every route that was looked at in the period, also one that was dropped since. */
function routesIn(db: Connection, raw: RawReader, { fromMs, toMs }: Period): Route[] {
  const rows = db
    .read(
      `select id, gateway, provider, model, api, region, watched from targets
       where probe = 'completion' and first_seen_ms < ? and (watched is not null or last_seen_ms >= ?)
       order by position is null, position, id`,
    )
    .all(toMs, fromMs) as (Watched['target'] & { id: number; watched: string | null })[];
  return rows.map(({ id, watched, ...target }) => {
    const known = watched === null ? null : (JSON.parse(watched) as Watched);
    const besideMs = Math.min(longestEveryMs, known?.everyMs ?? usualEveryMs * 15);
    let found: ReturnType<Route['read']> | null = null;
    return {
      target: known?.target ?? target,
      price: known?.price ?? null,
      endpoint: known?.endpoint ?? null,
      read() {
        if (found) return found;
        let slotS = 0;
        const looks: Seen[] = [];
        raw.each({ targetId: id }, fromMs - besideMs, toMs + besideMs, (look) => {
          slotS = Math.max(slotS, look.shape.countsS);
          looks.push(seenOf(look));
        });
        looks.sort((a, b) => a.atMs - b.atMs);
        found = { looks, everyMs: known?.everyMs ?? (slotS * 1000 || usualEveryMs) };
        return found;
      },
    };
  });
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

function named({ target }: Route): Named {
  return { gateway: target.gateway ?? '', provider: target.provider ?? '', model: target.model ?? '' };
}

interface Pair {
  route: Route;
  direct: Route;
}

/** The same model of the same provider, once through a gateway and once without. */
function directPairs(routes: readonly Route[]): Pair[] {
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
  route: Route,
  direct: Route,
  what: 'headersMs' | 'firstTokenMs',
  isIn: (one: Timed) => boolean,
): number[] {
  const timed = (one: Route): Timed[] =>
    one.read().looks.flatMap((look) => {
      const value = look[what];
      return value === null ? [] : [{ atMs: look.atMs, value }];
    });
  return pairs(timed(route), timed(direct), Math.max(route.read().everyMs, direct.read().everyMs))
    .filter(isIn)
    .map((pair) => pair.value);
}

function failovers(
  routes: readonly Route[],
  isIn: (look: { atMs: number }) => boolean,
): NumberParts['failover'] {
  return routes
    .filter((one) => one.target.provider === 'any')
    .map((free) => {
      const pinned = routes.filter(
        (one) =>
          one.target.provider !== 'any' &&
          one.target.gateway === free.target.gateway &&
          isSameModel(one.target.model ?? '', free.target.model ?? ''),
      );
      const failures = pinned
        .flatMap((one) => one.read().looks)
        .filter((look) => look.hasWorked === false)
        .map((look) => look.atMs)
        .sort((a, b) => a - b);
      // Each free look once: it was either made while a pinned one failed, or it shows how long it takes otherwise.
      const { looks, everyMs } = free.read();
      const judged = looks.filter((look) => look.hasWorked !== null && isIn(look));
      const during = judged.filter((look) => isNear(failures, look.atMs, everyMs));
      const calm = judged.filter((look) => !isNear(failures, look.atMs, everyMs));
      const usualMs = medianOf(firstTokens(calm));
      const { gateway, model } = named(free);
      return {
        ...{ gateway, model, during: during.length },
        worked: during.filter((look) => look.hasWorked).length,
        paidMs: usualMs === null ? [] : firstTokens(during).map((ms) => ms - usualMs),
      };
    });
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

function markup(db: Connection, { route, direct }: Pair): NumberParts['markup'][number] | null {
  if (!direct.price) return null;
  const { gateway, provider, model } = named(route);
  const rows = db.read('select body from endpoints where gateway = ? and model = ?').all(gateway, model) as {
    body: string;
  }[];
  const [endpoint] = rows
    .map((row) => JSON.parse(row.body) as EndpointFact)
    .filter((one) => one.tag === (route.endpoint ?? provider) || one.provider === provider);
  const price = endpoint ?? route.price;
  if (!price) return null;
  const times = (ours: number | null, theirs: number) =>
    ours === null || theirs <= 0 ? null : ours / theirs;
  return {
    ...{ gateway, provider, model },
    prompt: times(price.promptUsd, direct.price.promptUsd),
    completion: times(price.completionUsd, direct.price.completionUsd),
  };
}
