import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exportCsv, exportDays, exportIncidents, exportLooks, type Unreadable } from '#db/open.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { periodOf, withStore } from './desk-store.ts';

export const exportHistory: Command = {
  summary: 'writes checks or incidents out, one a line',
  help: `
usage: npx signalbox export [--what checks|incidents] [--from 30d] [--to …] [--format ndjson|csv] [--out FILE] [--days FOLDER]

  --what      checks (the form that "replay" and "import" read) or incidents
  --from, --to  a day, an instant (UTC) or a length of time ago
  --format    ndjson, or csv for people
  --out       a file instead of stdout
  --days      a folder that gets one file a day

exit status: 0, 1 where a part of the database is damaged: it is named and left out, the rest is written`,
  options: ['--what', '--from', '--to', '--format', '--out', '--days'],
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        what: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        format: { type: 'string' },
        out: { type: 'string' },
        days: { type: 'string' },
      },
    });
    const what = values.what ?? 'checks';
    const format = values.format ?? 'ndjson';
    if (what !== 'checks' && what !== 'incidents') throw new Usage('--what is checks or incidents');
    if (format !== 'ndjson' && format !== 'csv') throw new Usage('--format is ndjson or csv');
    if (what === 'incidents' && format === 'csv') throw new Usage('incidents are written as ndjson');
    const period = periodOf(values, Date.now());
    const gaps = gapsOn(io);
    return withStore(io, true, async (store) => {
      if (values.days) {
        const folder = resolve(io.cwd, values.days);
        for (const path of exportDays(store, folder, { ...period, format }, gaps.tell)) io.err(path);
        return gaps.end();
      }
      const lines =
        what === 'incidents'
          ? exportIncidents(store, period)
          : format === 'csv'
            ? exportCsv(store, period, gaps.tell)
            : exportLooks(store, period, gaps.tell);
      await write(lines, values.out ? resolve(io.cwd, values.out) : null, io);
      return gaps.end();
    });
  },
};

const gapsSaid = 20;

/** What a damaged page took along, said in one line a stretch; the rest was written. */
function gapsOn(io: Io): { tell(gap: Unreadable): void; end(): number } {
  const gaps: Unreadable[] = [];
  return {
    tell(gap) {
      const before = gaps.find((one) => one.targetKey === gap.targetKey && one.toMs === gap.fromMs);
      if (before) before.toMs = gap.toMs;
      else gaps.push({ ...gap });
    },
    end() {
      if (gaps.length === 0) return exitCodes.ok;
      const at = (ms: number) => new Date(ms).toISOString();
      for (const { targetKey, fromMs, toMs } of gaps.slice(0, gapsSaid))
        io.err(`not readable: ${targetKey} from ${at(fromMs)} to ${at(toMs)}`);
      io.err(
        `The database is damaged: ${gaps.length} ${gaps.length === 1 ? 'stretch is' : 'stretches are'} missing above, everything else was written. Restore a backup.`,
      );
      return exitCodes.not;
    },
  };
}

/** A slow reader is waited for: years of checks do not fit into memory. */
async function write(lines: Iterable<string>, path: string | null, io: Io): Promise<void> {
  if (path === null) {
    for (const line of lines)
      if (!process.stdout.write(`${line.trimEnd()}\n`)) await once(process.stdout, 'drain');
    return;
  }
  const file = createWriteStream(path);
  let count = 0;
  for (const line of lines) {
    count++;
    if (!file.write(`${line.trimEnd()}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  io.err(`${count} lines in ${path}`);
}
