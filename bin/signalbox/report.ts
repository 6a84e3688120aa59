import { parseArgs } from 'node:util';
import { type ReportRow, reportCsv, type SlaReport, slaReport } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { presets } from '#lib/config/presets.ts';
import type { Convention } from '#lib/core/words.ts';
import { circuitReport, showCircuits } from './circuit-report.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { instantOf, periodOf, withStore } from './desk-store.ts';

const conventions: Convention[] = ['openrouter', 'strict', 'lenient'];

export const report: Command = {
  summary: 'availability over a period, with the way of counting written on it',
  help: `
usage: npx signalbox report [--from 30d] [--to 2026-12-01] [--convention openrouter] [--csv|--json]
       npx signalbox report --circuits 30d [--json]

  --from, --to      a day, an instant (UTC) or a length of time ago; the last 30 days unless said
  --convention      openrouter (429 is no failure), strict (429 is one), lenient (only total failures are)
  --csv, --json     for other programs
  --circuits        since then: every time a route was taken out of rotation, on what evidence, whether that was
                    right, which failed calls it would have spared and which good ones it kept away

What was not measured is in no figure: it is shown beside it.
exit status: 0`,
  options: ['--from', '--to', '--convention', '--csv', '--json', '--circuits'],
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        convention: { type: 'string' },
        csv: { type: 'boolean' },
        json: { type: 'boolean' },
        circuits: { type: 'string' },
      },
    });
    if (values.circuits !== undefined) return circuits(values.circuits, values, io);
    const convention = (values.convention ?? 'openrouter') as Convention;
    if (!conventions.includes(convention))
      throw new Usage(`--convention is one of ${conventions.join(', ')}`);
    const period = periodOf(values, Date.now());
    const published = Object.fromEntries(presets.map((preset) => [preset.id, preset.slaPercent]));
    return withStore(io, true, (store) => {
      const made = slaReport(store, { ...period, convention, published });
      if (values.json) io.out(JSON.stringify(made));
      else if (values.csv) for (const line of reportCsv(made)) io.out(line.trimEnd());
      else show(made, io);
      return exitCodes.ok;
    });
  },
};

function circuits(since: string, { csv, json }: { csv?: boolean; json?: boolean }, io: Io): Promise<number> {
  if (csv) throw new Usage('--circuits is printed as a table or as --json');
  const toMs = Date.now();
  const fromMs = instantOf(since, toMs, '--circuits');
  const { config } = loadConfig({ env: io.env, cwd: io.cwd });
  return withStore(io, true, (store) => {
    const made = circuitReport(store, { fromMs, toMs }, config.policy);
    if (json) io.out(JSON.stringify(made));
    else showCircuits(made, io);
    return exitCodes.ok;
  });
}

function show(made: SlaReport, io: Io): void {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  io.out(`${day(made.fromMs)} to ${day(made.toMs)} UTC, counted the ${made.convention} way`);
  io.out(`  bad: ${made.accounting.bad.join(', ')}`);
  io.out(`  in no figure: ${made.accounting.left_out.join(', ')}\n`);
  if (made.rows.length === 0) io.out('Nothing was measured in this time.');
  for (const row of made.rows) io.out(line(row));
  io.out(`\nThe checks cost ${made.spent.usd.toFixed(4)} USD for ${made.spent.requests} calls.`);
}

function line(row: ReportRow): string {
  const share = row.text === null ? '–' : `${row.text} %`;
  const met = row.objectives
    .map(({ percent, isMet }) => `${percent} ${isMet === null ? '?' : isMet ? 'met' : 'missed'}`)
    .join(', ');
  const measured = `measured ${Math.floor(row.coverage * 100)} % of the time`;
  return `${`${row.kind} ${row.id}`.slice(0, 52).padEnd(54)}${share.padStart(10)}  ${measured}, ${row.incidents} incidents, ${met}`;
}
