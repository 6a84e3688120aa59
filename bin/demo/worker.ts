import { runWorker } from '#probes/main.ts';
import { demoBuild } from './demo-fleet.ts';
import { whenOrphaned } from './orphan.ts';
import { placesFrom } from './places.ts';

/** The real worker, kept from looking at anything outside this machine. */
export async function main(argv: string[]): Promise<number> {
  const [configPath = '', first = ''] = argv;
  const running = await runWorker({
    // No key of the user's environment reaches the demo.
    env: { SIGNALBOX_CONFIG: configPath },
    cwd: process.cwd(),
    say: (sentence) => {
      // What such calls would cost is true of real ones only.
      if (!sentence.startsWith('Calls cost')) process.stdout.write(`${sentence}\n`);
    },
    build: demoBuild(placesFrom(Number(first))),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop());
  whenOrphaned(() => void running.stop());
  return running.ended;
}
