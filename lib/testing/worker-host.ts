import { buildFleet } from '#lib/config/fleet.ts';
import { type RunningWorker, runWorker } from '#probes/main.ts';

/** The real worker in a process of its own that a test may kill; of the presets only what is on loopback is watched. */
const onlyLoopback: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  return { ...built, watched: built.watched.filter((w) => /^https?:\/\/127\./.test(w.baseUrl)) };
};

const say = (sentence: string) => process.stdout.write(`${sentence}\n`);
let worker: RunningWorker | null = null;
process.once('SIGTERM', () => void worker?.stop());
worker = await runWorker({ env: {}, cwd: process.cwd(), build: onlyLoopback, say });
say('running');
process.exitCode = await worker.ended;
