import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { findKey, secretFileName } from '#lib/seal.ts';
import { type Command, exitCodes, Usage } from './command.ts';

export const restore: Command = {
  summary: 'puts a backup in the place of the database',
  help: `
usage: npx signalbox restore FILE [--force]

The backup is checked first. A database that is there is not overwritten without --force, and then it is kept beside
itself under another name. Stop the server before. An encrypted backup opens with the key it was made with:
SIGNALBOX_SECRET, or secret.key in the data folder.
  --force    replace the database that is there

exit status: 0 restored`,
  options: ['--force'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { force: { type: 'boolean' } },
    });
    const [from] = positionals;
    if (!from) throw new Usage('name the backup to restore');
    const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
    const done = restoreStore({
      from: resolve(io.cwd, from),
      dataDir,
      isForced: values.force === true,
      key: findKey({ secret: io.env.SIGNALBOX_SECRET, file: join(dataDir, secretFileName) }),
      ...(databaseUrl ? { url: databaseUrl } : {}),
    });
    io.out(JSON.stringify(done));
    return exitCodes.ok;
  },
};
