import { parseArgs } from 'node:util';
import { verifyRollUps } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { type Command, exitCodes } from './command.ts';

export const verify: Command = {
  summary: 'proves that the roll-ups agree with the checks they were made from',
  help: `
usage: npx signalbox verify [--repair]

Adds up every hour of raw checks that is still kept, and compares it with what was rolled up.
  --repair    makes the hours that differ anew; stop the server before

exit status: 0 they agree, 1 they do not`,
  options: ['--repair'],
  async run(args, io) {
    const { values } = parseArgs({ args, options: { repair: { type: 'boolean' } } });
    const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
    const found = verifyRollUps({
      dataDir,
      isRepaired: values.repair === true,
      ...(databaseUrl ? { url: databaseUrl } : {}),
    });
    io.out(JSON.stringify(found));
    return found.differences.length > 0 ? exitCodes.not : exitCodes.ok;
  },
};
