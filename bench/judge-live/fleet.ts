import type { Watched } from '#lib/core/fleet.ts';
import { startStage } from './stage.ts';

/** The default fleet, as the worker itself chooses it from the simulated catalogue. */
export async function defaultFleet(): Promise<Watched[]> {
  const { store, stop } = await startStage(1, false);
  try {
    const endMs = performance.now() + 60_000;
    for (;;) {
      const { fleet } = store.looks.current();
      if (fleet.filter((one) => one.probe === 'completion').length > 15) return fleet;
      if (performance.now() > endMs) throw new Error('no fleet was chosen');
      await new Promise((go) => setTimeout(go, 100));
    }
  } finally {
    await stop();
  }
}
