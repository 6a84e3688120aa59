import { openStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import { startDeliverer } from '#probes/deliverer.ts';

/** A sender in a process of its own that dies at the step it was given, the way SIGKILL makes it. Entry of a test. */
const [dataDir = '', channels = '[]', dieAt = 'never', laterMs = '0'] = process.argv.slice(2);
const store = openStore({ dataDir });
const deliverer = startDeliverer({
  store,
  http: { trusted: createTrusted(), untrusted: createUntrusted(strictPolicy) },
  sealer: createSealer(Buffer.alloc(32, 1)),
  config: configSchema.parse({ url: 'https://status.example.com', channels: JSON.parse(channels) }),
  by: `p${process.pid}`,
  nowMs: () => Date.now() + Number(laterMs),
  say: () => undefined,
  onStep(step) {
    if (step === dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
setTimeout(() => void deliverer.stop().then(() => process.exit(0)), 1_500);
