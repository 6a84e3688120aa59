import { randomUUID } from 'node:crypto';
import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createTrusted } from '#lib/http.ts';
import { createClock } from './clock.ts';
import { probeTable } from './kinds/table.ts';
import { createLooking } from './looking.ts';
import type { ToLooking } from './messages.ts';

/** The looking thread: every socket to a provider is opened here, and nothing else is done here. */

const port = parentPort;
if (!port) throw new Error('the looking thread is started by the worker');
// Every socket that ends makes two errors that nobody reads; their stacks cost an eighth of a look.
Error.stackTraceLimit = 1;
const { vantage } = workerData as { vantage: string };

const boot = randomUUID().slice(0, 8);
let count = 0;
const looking = createLooking({
  vantage,
  probes: probeTable,
  http: createTrusted(),
  clock: createClock(),
  random: Math.random,
  newId: () => `${boot}-${(++count).toString(36)}`,
  post: (message) => port.postMessage(message),
});
port.on('message', (message: ToLooking) => {
  looking.receive(message);
  if (message.type === 'stop') port.close();
});
port.postMessage({ type: 'ready' });
module.flushCompileCache?.();
