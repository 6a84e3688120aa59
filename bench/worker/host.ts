import { readFileSync } from 'node:fs';
import type { buildFleet } from '#lib/config/fleet.ts';
import type { Watched } from '#lib/core/fleet.ts';
import { runWorker } from '#probes/main.ts';

/** The real worker in a process of its own, watching a fleet it is given; reports what it has used. */
export interface HostReport {
  atMs: number;
  cpuMs: number;
  rssMb: number;
  recorded: number;
  facts: Record<string, unknown>;
}

const { cwd, watched } = JSON.parse(process.argv[2] ?? '{}') as { cwd: string; watched: string };
const fleet = JSON.parse(readFileSync(watched, 'utf8')) as Watched[];
const build: typeof buildFleet = () => ({
  watched: fleet,
  chains: [],
  keys: new Map(),
  chosen: {},
  remarks: [],
});

const worker = await runWorker({ env: {}, cwd, build, say: () => {}, warn: (text) => console.error(text) });
const report = (): HostReport => {
  const { user, system } = process.cpuUsage();
  const facts = worker.facts();
  const { recorded } = facts.recorder as { recorded: number };
  return {
    atMs: Date.now(),
    cpuMs: (user + system) / 1_000,
    rssMb: process.memoryUsage().rss / 1e6,
    recorded,
    facts,
  };
};
// Whoever listened may be gone already: that is no error of ours.
setInterval(() => process.send?.(report(), undefined, undefined, () => {}), 100);
process.on('disconnect', () => void worker.stop().then(() => process.exit()));
