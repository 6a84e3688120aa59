import { runWeb } from '#app/_edge/main.ts';
import { openStore } from '#db/open.ts';
import { ensureAdminToken } from '#lib/config/admin-token.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLog } from '#lib/log.ts';
import { demoFaults, faultIds } from './demo-faults.ts';
import { demoGuards } from './demo-routes.ts';
import { whenOrphaned } from './orphan.ts';
import { placesFrom } from './places.ts';

const strip = {
  sentence: 'DEMO: everything here is simulated on this machine.',
  links: [
    { text: 'Controls', path: '/demo' },
    { text: 'Mailbox', path: '/demo/mailbox' },
  ],
  buttons: [
    ...faultIds.map((id) => ({ text: demoFaults[id].label, path: `/demo/strike/${id}` })),
    { text: 'Mend everything', path: '/demo/mend/all' },
  ],
};

/** The real web process, with the demo's banner and its buttons. */
export async function main(argv: string[]): Promise<undefined> {
  const [configPath = '', first = ''] = argv;
  const places = placesFrom(Number(first));
  const env = { SIGNALBOX_CONFIG: configPath };
  const { config, dataDir, origins } = loadConfig({ env, cwd: process.cwd() });
  const running = await runWeb({
    config,
    ...(origins ? { origins } : {}),
    openStore: () => openStore({ dataDir, isReader: true }),
    host: config.listen.host,
    port: config.listen.port,
    dataDir,
    adminToken: ensureAdminToken(dataDir, env).token,
    log: createLog({ name: 'web' }),
    extraGuards: demoGuards(`http://${places.host}:${places.control}`),
    demo: strip,
  });
  process.stdout.write(`The demo is at http://${places.host}:${running.address.port}\n`);
  const stop = (): void => void running.close().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  whenOrphaned(stop);
  return undefined;
}
