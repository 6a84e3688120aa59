import { buildFleet } from '#lib/config/fleet.ts';
import { runWorker } from '#probes/main.ts';

/** The worker in a process of its own, on the configuration of its folder; nothing outside the loopback is looked at. */
const onlyOurs: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  return { ...built, watched: built.watched.filter((one) => /127\.0\.0\.1/.test(one.baseUrl)) };
};
const worker = await runWorker({ env: {}, cwd: process.cwd(), say: () => undefined, build: onlyOurs });
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
process.stdout.write('{"ready":true}\n');
