import type { Watched } from '../../lib/core/fleet.ts';
import type { Connection } from './connection.ts';
import { defaultSlotMs } from './names.ts';

export interface TargetRow {
  id: number;
  key: string;
  probe: string;
  gateway: string | null;
  provider: string | null;
  firstSeenMs: number;
  lastSeenMs: number | null;
  isWatched: boolean;
}

const columns =
  'id, key, probe, gateway, provider, first_seen_ms as firstSeenMs, last_seen_ms as lastSeenMs, watched is not null as isWatched';

type Row = Omit<TargetRow, 'isWatched'> & { isWatched: number | boolean };

function read(row: Row): TargetRow {
  row.isWatched = row.isWatched === 1;
  return row as TargetRow;
}

export function allTargets(db: Connection): TargetRow[] {
  return (db.read(`select ${columns} from targets order by id`).all() as Row[]).map(read);
}

/** Looked at in a period, or at least before and after it. */
export function targetsIn(
  db: Connection,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Pick<Watched, 'key' | 'probe' | 'target'>[] {
  const rows = db
    .read(
      'select key, probe, gateway, provider, model, api, region from targets where first_seen_ms < ? and last_seen_ms >= ? order by id',
    )
    .all(toMs, fromMs) as (Pick<Watched, 'key' | 'probe'> & Record<keyof Watched['target'], string | null>)[];
  return rows.map(({ key, probe, api, region, ...target }) => ({
    key,
    probe,
    target: { ...target, ...(api === null ? {} : { api }), ...(region === null ? {} : { region }) },
  }));
}

export function targetByKey(db: Connection, key: string): TargetRow | null {
  const row = db.read(`select ${columns} from targets where key = ?`).get(key) as Row | undefined;
  return row ? read(row) : null;
}

/** From the first look until now, or until it was no longer watched. */
export function watchedPeriod(
  target: TargetRow,
  fromMs: number,
  toMs: number,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const end = target.isWatched ? nowMs : (target.lastSeenMs ?? target.firstSeenMs) + defaultSlotMs;
  const from = Math.max(fromMs, target.firstSeenMs);
  return { fromMs: from, toMs: Math.max(from, Math.min(toMs, end)) };
}

const singleKinds: Record<string, string> = {
  catalog: 'catalog',
  official: 'official',
  http: 'http',
  heartbeat: 'http',
};

/** Whose verdict is this target's: a route's goes by its id, what is a component by itself by `kind:id`. */
export function verdictKeyOf({ key, probe, gateway, provider }: TargetRow): string {
  const kind = singleKinds[probe];
  if (kind === undefined) return key.slice(key.indexOf('|') + 1);
  return `${kind}:${gateway === 'direct' ? `direct/${provider}` : (gateway ?? provider ?? '')}`;
}
