import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { keyOf, secretFileName } from '#lib/seal.ts';
import { type Command, exitCodes, Usage } from './command.ts';

export const backup: Command = {
  summary: 'copies the database while it runs, checks the copy and encrypts it',
  help: `
usage: npx signalbox backup [FILE] [--plain] [--json]

FILE is data/backups/<time>.db.enc unless named. The copy is consistent and was checked before this command says so. It is
encrypted with SIGNALBOX_SECRET, or with data/secret.key: keep that key somewhere else too, for without it nobody can
restore. A FILE that ends in .db, .sqlite or .sqlite3 is not encrypted: open it with sqlite3, Datasette or Grafana.
  --plain    not encrypted, whatever FILE is called

exit status: 0 made and sound`,
  options: ['--plain', '--json'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, plain: { type: 'boolean' } },
    });
    if (positionals.length > 1) throw new Usage('name one file');
    const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
    const path = positionals[0]
      ? resolve(io.cwd, positionals[0])
      : defaultPath(dataDir, values.plain === true);
    const isPlain = values.plain === true || /\.(db|sqlite3?)$/i.test(path);
    const keyFile = join(dataDir, secretFileName);
    const store = openStore({ dataDir, isReader: true, ...(databaseUrl ? { url: databaseUrl } : {}) });
    try {
      const key = isPlain ? undefined : keyOf({ secret: io.env.SIGNALBOX_SECRET, file: keyFile });
      const made = await store.upkeep.backup(path, key);
      io.out(
        values.json
          ? JSON.stringify({ path, ...made, encrypted: !isPlain })
          : `${path}: ${made.looks} checks, ${(made.bytes / 1e6).toFixed(1)} MB, sha256 ${made.sha256}`,
      );
      io.err(
        isPlain
          ? 'Not encrypted: whoever has this file can read it.'
          : keyNote(io.env.SIGNALBOX_SECRET, keyFile),
      );
      return exitCodes.ok;
    } finally {
      store.close();
    }
  },
};

function defaultPath(dataDir: string, isPlain: boolean): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  return join(dataDir, 'backups', `${stamp}.db${isPlain ? '' : '.enc'}`);
}

function keyNote(secret: string | undefined, keyFile: string): string {
  const key = secret?.trim() ? 'SIGNALBOX_SECRET' : keyFile;
  return `Encrypted with ${key}: without it nobody can restore, so keep it apart from the backups.`;
}
