import { parseArgs } from 'node:util';
import { periodOfMonth, readMonth, slaReport } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { publishedSlas } from '#lib/config/presets.ts';
import { reportCsv, type SlaReport } from '#lib/core/report.ts';
import type { Convention } from '#lib/core/words.ts';
import type { Store } from '#lib/store.ts';
import { circuitReport, showCircuits } from './circuit-report.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { instantOf, periodOf, withStore } from './desk-store.ts';
import { reportLines } from './report-text.ts';

const conventions: Convention[] = ['openrouter', 'strict', 'lenient'];

export const report: Command = {
  summary: 'availability over a period, with the way of counting written on it',
  help: `
usage: npx signalbox report [--from 30d] [--to 2026-12-01] [--convention openrouter] [--csv|--json]
       npx signalbox report --month 2026-11 [--convention strict] [--csv|--json]
       npx signalbox report --circuits 30d [--json]

  --from, --to      a day, an instant (UTC) or a length of time ago; the last 30 days unless said
  --month           a calendar month (UTC); of one that is over, what was written when it ended
  --convention      openrouter (429 is no failure), strict (429 is one), lenient (only total failures are)
  --csv, --json     for other programs
  --circuits        since then: every time a route was taken out of rotation, on what evidence, whether that was
                    right, which failed calls it would have spared and which good ones it kept away

For everything watched: availability, how much of the time was measured, incidents, the worst day, minutes of error
budget left of 99.9, 99.95 and 99.99 %, and what the provider promises where it publishes that. Then what everybody
quotes: the gateway's overhead, failover, the official page's lag, markup; each with its interval and n.
What was not measured is in no figure: it is shown beside it.
exit status: 0`,
  options: ['--from', '--to', '--month', '--convention', '--csv', '--json', '--circuits'],
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        month: { type: 'string' },
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
    const { month } = values;
    if (month !== undefined && (values.from !== undefined || values.to !== undefined))
      throw new Usage('--month stands alone: without --from and --to');
    const period = month === undefined ? periodOf(values, Date.now()) : monthPeriod(month);
    return withStore(io, true, (store) => {
      const kept = month === undefined ? null : keptReport(store, month, convention);
      const made = kept ?? slaReport(store, { ...period, convention, published: publishedSlas });
      if (values.json) io.out(JSON.stringify(made));
      else if (values.csv) for (const line of reportCsv(made)) io.out(line.trimEnd());
      else for (const line of reportLines(made)) io.out(line);
      return exitCodes.ok;
    });
  },
};

function monthPeriod(month: string): { fromMs: number; toMs: number } {
  const period = periodOfMonth(month);
  if (!period) throw new Usage('--month is a month such as 2026-11');
  if (period.fromMs > Date.now()) throw new Usage(`--month ${month} has not begun`);
  return period;
}

/** Of a month that is over the report was written then: its single checks may be gone. */
function keptReport(store: Store, month: string, convention: Convention): SlaReport | null {
  const kept = readMonth(store, month);
  const period = periodOfMonth(month);
  if (!kept?.isFinal || !period) return null;
  const { byConvention, numbers, creditFees, spent } = kept;
  return { ...period, convention, ...byConvention[convention], numbers, creditFees, spent };
}

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
