import type { Caps, Ledger } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
import { dayMs } from './keys.ts';

/** Money in 1e-12 USD: sums are exact, and a cap is a cap. */
const toPusd = (usd: number) => Math.round(usd * 1e12);
const toUsd = (pusd: number) => pusd / 1e12;

interface Sums {
  pusd: number;
  calmPusd: number;
  requests: number;
  calmRequests: number;
}
type Want = Parameters<Ledger['reserve']>[0];

function sums(db: Connection, fromDay: number, toDay: number, gateway: string | null): Sums {
  return db
    .change(
      `select coalesce(sum(pusd + open_pusd), 0) as pusd, coalesce(sum(calm_pusd), 0) as calmPusd, coalesce(sum(requests), 0) as requests,
         coalesce(sum(calm_requests), 0) as calmRequests
       from spend_days where day >= :from and day < :to and (:gateway is null or gateway = :gateway)`,
    )
    .get({ from: fromDay, to: toDay, gateway }) as Sums;
}

function monthRange(atMs: number): [fromDay: number, toDay: number] {
  const at = new Date(atMs);
  const from = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  const to = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  return [from / dayMs, to / dayMs];
}

/** Which cap this would pass, in a sentence; null when none. */
function refusal(
  db: Connection,
  want: Want,
  caps: Caps,
  cap: { usdPerDay?: number; usdPerMonth?: number; requestsPerDay?: number },
  gateway: string | null,
): string | null {
  const day = Math.floor(want.atMs / dayMs);
  const today = sums(db, day, day + 1, gateway);
  const whose = gateway === null ? '' : ` of ${gateway}`;
  const pusd = toPusd(want.usd);
  const calmShare = 1 - caps.reserveShare;
  if (cap.usdPerDay !== undefined && pusd > 0) {
    const limit = toPusd(cap.usdPerDay);
    if (today.pusd + pusd > limit) return `The day's budget${whose} of ${cap.usdPerDay} USD is used up.`;
    if (want.purpose === 'calm' && today.calmPusd + pusd > Math.floor(limit * calmShare))
      return `What is left of the day's budget${whose} is kept for suspicion.`;
  }
  if (cap.usdPerMonth !== undefined && pusd > 0) {
    const month = sums(db, ...monthRange(want.atMs), gateway);
    if (month.pusd + pusd > toPusd(cap.usdPerMonth))
      return `The month's budget${whose} of ${cap.usdPerMonth} USD is used up.`;
  }
  if (cap.requestsPerDay === undefined || want.requests === 0) return null;
  if (today.requests + want.requests > cap.requestsPerDay)
    return `The day's ${cap.requestsPerDay} paid requests${whose} are used up.`;
  if (want.purpose === 'calm' && today.calmRequests + want.requests > cap.requestsPerDay * calmShare)
    return `What is left of the day's paid requests${whose} is kept for suspicion.`;
  return null;
}

function addToDay(
  db: Connection,
  day: number,
  gateway: string,
  add: { pusd: number; openPusd: number; calmPusd: number; requests: number; calmRequests: number },
): void {
  db.change(
    `insert into spend_days (day, gateway, pusd, open_pusd, calm_pusd, requests, calm_requests) values (?,?,?,?,?,?,?)
     on conflict do update set pusd = pusd + excluded.pusd, open_pusd = open_pusd + excluded.open_pusd, calm_pusd = calm_pusd + excluded.calm_pusd,
       requests = requests + excluded.requests, calm_requests = calm_requests + excluded.calm_requests`,
  ).run(day, gateway, add.pusd, add.openPusd, add.calmPusd, add.requests, add.calmRequests);
}

function reserve(db: Connection, want: Want, caps: Caps): { ok: true } | { ok: false; reason: string } {
  if (db.change('select 1 from spends where id = ?').get(want.id)) return { ok: true };
  const reason =
    refusal(db, want, caps, caps, null) ??
    refusal(db, want, caps, caps.perGateway[want.gateway] ?? {}, want.gateway);
  if (reason !== null) return { ok: false, reason };
  const pusd = toPusd(want.usd);
  db.change(
    'insert into spends (id, at_ms, gateway, reserved_pusd, requests, purpose) values (?,?,?,?,?,?)',
  ).run(want.id, Math.round(want.atMs), want.gateway, pusd, want.requests, want.purpose);
  const isCalm = want.purpose === 'calm';
  addToDay(db, Math.floor(want.atMs / dayMs), want.gateway, {
    pusd: 0,
    openPusd: pusd,
    calmPusd: isCalm ? pusd : 0,
    requests: want.requests,
    calmRequests: isCalm ? want.requests : 0,
  });
  return { ok: true };
}

function settle(db: Connection, id: string, usd: number, atMs: number): void {
  const spend = db
    .change(
      `update spends set settled_pusd = ?, settled_at_ms = ? where id = ? and settled_pusd is null
       returning at_ms as atMs, gateway, reserved_pusd as reserved, purpose`,
    )
    .get(toPusd(Math.max(0, usd)), Math.round(atMs), id) as
    | { atMs: number; gateway: string; reserved: number; purpose: string }
    | undefined;
  if (!spend) return;
  const pusd = toPusd(Math.max(0, usd));
  addToDay(db, Math.floor(spend.atMs / dayMs), spend.gateway, {
    pusd,
    openPusd: -spend.reserved,
    calmPusd: spend.purpose === 'calm' ? pusd - spend.reserved : 0,
    requests: 0,
    calmRequests: 0,
  });
}

export function ledgerPort(db: Connection): Ledger {
  return {
    reserve: (want, caps) => db.write(() => reserve(db, want, caps)),
    settle: (id, usd, atMs) => db.write(() => settle(db, id, usd, atMs)),
    spent({ fromMs, toMs, gateway }) {
      const isDays = fromMs % dayMs === 0 && toMs % dayMs === 0;
      const [table, at, unit] = isDays ? ['spend_days', 'day', dayMs] : ['spends', 'at_ms', 1];
      const [usd, open] = isDays
        ? ['pusd + open_pusd', 'open_pusd']
        : [
            'coalesce(settled_pusd, reserved_pusd)',
            'case when settled_pusd is null then reserved_pusd else 0 end',
          ];
      const row = db
        .read(
          `select coalesce(sum(${usd}), 0) as pusd, coalesce(sum(${open}), 0) as open, coalesce(sum(requests), 0) as requests
           from ${table} where ${at} >= :from and ${at} < :to and (:gateway is null or gateway = :gateway)`,
        )
        .get({ from: fromMs / unit, to: toMs / unit, gateway: gateway ?? null }) as {
        pusd: number;
        open: number;
        requests: number;
      };
      return { usd: toUsd(row.pusd), requests: row.requests, reservedUsd: toUsd(row.open) };
    },
    months() {
      const rows = db
        .read(
          `select strftime('%Y-%m', day * 86400, 'unixepoch') as month, gateway, sum(pusd + open_pusd) as pusd, sum(requests) as requests
           from spend_days group by 1, 2 order by 1, 2`,
        )
        .all() as { month: string; gateway: string; pusd: number; requests: number }[];
      return rows.map(({ pusd, ...row }) => ({ ...row, usd: toUsd(pusd) }));
    },
    days({ fromMs, toMs }) {
      const rows = db
        .read(
          'select day, gateway, pusd + open_pusd as pusd, requests from spend_days where day >= ? and day < ? order by day, gateway',
        )
        .all(Math.floor(fromMs / dayMs), Math.ceil(toMs / dayMs)) as {
        day: number;
        gateway: string;
        pusd: number;
        requests: number;
      }[];
      return rows.map((row) => ({
        dayMs: row.day * dayMs,
        gateway: row.gateway,
        usd: toUsd(row.pusd),
        requests: row.requests,
      }));
    },
  };
}
