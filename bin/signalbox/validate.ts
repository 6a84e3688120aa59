import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configJsonSchema } from '#lib/config/flaws.ts';
import { buildFleet, fleetCostPerDay } from '#lib/config/fleet.ts';
import { loadConfig } from '#lib/config/load.ts';
import { ConfigProblem, flawSentence } from '#lib/config/problem.ts';
import { type Command, exitCodes } from './command.ts';

export const validate: Command = {
  summary: 'checks signalbox.yaml and names every flaw by line and column',
  help: `
usage: npx signalbox validate [FILE] [--json] [--schema]

FILE is signalbox.yaml in this folder unless named. Nothing is started and nothing is called.
  --json     one JSON line per flaw
  --schema   prints the JSON Schema, for editors

exit status: 0 sound, 1 flawed`,
  options: ['--json', '--schema'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, schema: { type: 'boolean' } },
    });
    if (values.schema) {
      io.out(JSON.stringify(configJsonSchema(), null, 2));
      return exitCodes.ok;
    }
    const named = positionals[0];
    const env = named
      ? { ...io.env, SIGNALBOX_CONFIG: isAbsolute(named) ? named : resolve(io.cwd, named) }
      : io.env;
    try {
      const loaded = loadConfig({ env, cwd: io.cwd });
      const fleet = buildFleet(loaded, {}, {}, Date.now());
      for (const remark of fleet.remarks) io.err(`note: ${remark}`);
      const cost = fleetCostPerDay(fleet.watched);
      const where = loaded.file ?? 'no file: the defaults are in force';
      if (!values.json)
        io.out(
          `${where}\nsound: ${fleet.watched.length} things to check, ${fleet.chains.length} chains, ${cost.requests} paid calls a day by configuration (the default routes are chosen from the live catalogue)`,
        );
      return exitCodes.ok;
    } catch (problem) {
      if (!(problem instanceof ConfigProblem)) throw problem;
      for (const flaw of problem.flaws)
        io.out(
          values.json
            ? JSON.stringify({ file: problem.file, ...flaw, value: undefined })
            : flawSentence(problem.file, flaw),
        );
      return exitCodes.not;
    }
  },
};
