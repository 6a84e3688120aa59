import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { type Command, exitCodes } from './command.ts';

export const backup: Command = {
  summary: 'copies the database while it runs, checks the copy and says what is in it',
  help: `
usage: npx signalbox backup [FILE] [--json]

FILE is data/backups/<time>.db unless named. The copy is consistent and was checked before this command says so.

exit status: 0 made and sound`,
  options: ['--json'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    const path = positionals[0] ? resolve(io.cwd, positionals[0]) : join(dataDir, 'backups', `${stamp}.db`);
    const store = openStore({ dataDir, isReader: true, ...(databaseUrl ? { url: databaseUrl } : {}) });
    try {
      const made = await store.upkeep.backup(path);
      io.out(
        values.json
          ? JSON.stringify({ path, ...made })
          : `${path}: ${made.looks} checks, ${(made.bytes / 1e6).toFixed(1)} MB, sha256 ${made.sha256}`,
      );
      return exitCodes.ok;
    } finally {
      store.close();
    }
  },
};
