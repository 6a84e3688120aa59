import { openTemporaryFolder } from '#lib/testing/temporary-folder.ts';
import type { LoadCase, LoadLine } from './load-case.ts';

/** The load cases by id; `npm run load -- L2`. */
const cases: Record<string, () => Promise<LoadCase>> = {
  L2: () => import('./read-storm.ts').then((m) => m.readStorm),
  L1: () => import('./steady.ts').then((m) => m.steady),
  L3: () => import('./stale-front.ts').then((m) => m.staleFront),
  L4: () => import('./many-streams.ts').then((m) => m.manyStreams),
  L5: () => import('./many-streams.ts').then((m) => m.streamsRestart),
  L6: () => import('./mass-mail.ts').then((m) => m.massMail),
  kills: () => import('./kills.ts').then((m) => m.kills),
  soak: () => import('./soak.ts').then((m) => m.soak),
  fuzz: () => import('./fuzz.ts').then((m) => m.fuzzCase),
};

export async function main(argv: string[]): Promise<number> {
  openTemporaryFolder();
  const wanted = argv.length > 0 ? argv : Object.keys(cases);
  let missed = 0;
  for (const id of wanted) {
    const load = cases[id];
    if (!load) {
      process.stderr.write(`there is no load case ${id}: ${Object.keys(cases).join(', ')}\n`);
      return 2;
    }
    const { run, title } = await load();
    process.stderr.write(`${id}: ${title}\n`);
    await run((line) => {
      const ok = isMet(line);
      if (ok === false) missed++;
      process.stdout.write(
        `${JSON.stringify({ load: id, ...line, value: Number(line.value.toPrecision(5)), ...(ok === null ? {} : { ok }) })}\n`,
      );
    });
  }
  return missed > 0 ? 1 : 0;
}

function isMet({ value, limit, unit }: LoadLine): boolean | null {
  if (limit === undefined) return null;
  return unit === 'per s' ? value >= limit : value <= limit;
}
