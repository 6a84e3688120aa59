import { runWeb } from '#app/_edge/main.ts';
import { openStore } from '#db/open.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLog } from '#lib/log.ts';

/** The edge in a process of its own, on the configuration of its folder, without pages. */
const { config, dataDir } = loadConfig({ env: {}, cwd: process.cwd() });
const web = await runWeb({
  config,
  openStore: () => openStore({ dataDir, isReader: true }),
  host: '127.0.0.1',
  port: 0,
  dataDir,
  adminToken: null,
  log: createLog({ name: 'web' }),
  nextDir: null,
});
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${web.address.port}` })}\n`);
