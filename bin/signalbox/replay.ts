import type { Command } from './command.ts';

export const replay: Command = {
  summary: 'feeds recorded checks through the judgement that runs live',
  help: `
usage: npx signalbox replay FILE|- [--summary]
       npx signalbox replay FILE --compare POLICY_A POLICY_B

FILE holds one check a line (NDJSON), as "export" and "look --json" write them. Incidents come out, one JSON line each.
  --summary    a table at the end, on stderr
  --compare    two files of policy numbers over the same checks

exit status: 0, or 2 when lines had to be skipped (they are named on stderr)`,
  options: ['--summary', '--compare'],
  async run(args) {
    const { main } = await import('../replay/main.ts');
    return (await main(args)) ?? 0;
  },
};
