import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '#db/open.ts';

/** Reads what the overview reads, ten times a second, until it is told to stop; then says how long it took. */
const { dataDir, nowMs } = workerData as { dataDir: string; nowMs: number };
const store = openStore({ dataDir, isReader: true, nowMs: () => nowMs });
const times: number[] = [];
const timer = setInterval(() => {
  const from = performance.now();
  store.looks.current();
  store.history.bars({ fromMs: nowMs - 90 * 86_400_000, toMs: nowMs + 86_400_000, convention: 'openrouter' });
  store.incidents.list({ limit: 20 });
  times.push(performance.now() - from);
}, 100);
parentPort?.once('message', () => {
  clearInterval(timer);
  store.close();
  parentPort?.postMessage(times);
});
