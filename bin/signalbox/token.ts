import { parseArgs } from 'node:util';
import { renewAdminToken } from '#lib/config/admin-token.ts';
import { loadConfig } from '#lib/config/load.ts';
import { type Command, exitCodes } from './command.ts';

export const token: Command = {
  summary: 'makes a new admin token; the old one ends at once',
  help: `
usage: npx signalbox token

Writes the new token into the data folder (admin-token, readable by you only) and prints it once.
Sessions that are open stay open until they expire; restart the server to end them.`,
  options: [],
  async run(args, io) {
    parseArgs({ args, options: {} });
    if (io.env.SIGNALBOX_ADMIN_TOKEN) {
      io.err('The admin token comes from SIGNALBOX_ADMIN_TOKEN: change it there.');
      return exitCodes.not;
    }
    const { token: made, file } = renewAdminToken(loadConfig({ env: io.env, cwd: io.cwd }).dataDir);
    io.out(made);
    io.err(`written to ${file}`);
    return exitCodes.ok;
  },
};
