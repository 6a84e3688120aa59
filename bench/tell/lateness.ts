import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';

/** Stands for the looking thread: nothing but a clock that notices how late it is woken. */
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
parentPort?.on('message', () => {
  parentPort?.postMessage({ p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 });
  delay.reset();
});
