import type Sqlite from 'better-sqlite3';
import { Usage } from '../command.ts';
import { asObject, type Loose } from './mover.ts';

/** What Uptime Kuma keeps beside its monitors, by table, and what a person calls it. */
const besides: Record<string, string> = {
  notification: 'notification channels',
  status_page: 'status pages',
  maintenance: 'maintenance windows',
  proxy: 'proxies',
  docker_host: 'Docker hosts',
  tag: 'tags',
};

export interface KumaFile {
  monitors: Loose[];
  others: Record<string, number>;
}

/** Somebody else's database is only ever read. */
export async function readKuma(file: string): Promise<KumaFile> {
  const { default: Database } = await import('better-sqlite3');
  let db: Sqlite.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const has = db.prepare("select 1 from sqlite_master where type = 'table' and name = ?").pluck();
    if (!has.get('monitor'))
      throw new Usage('this SQLite file has no table of monitors: it is not Uptime Kuma’s');
    const others: Record<string, number> = {};
    for (const [table, name] of Object.entries(besides))
      if (has.get(table))
        others[name] = db.prepare(`select count(*) from "${table}"`).pluck().get() as number;
    return { monitors: db.prepare('select * from monitor order by id').all().map(asObject), others };
  } catch (cause) {
    if (cause instanceof Usage) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Usage(`this SQLite file cannot be read (${said}): copy kuma.db while Uptime Kuma is stopped`);
  } finally {
    db?.close();
  }
}
