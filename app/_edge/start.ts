import { openStore } from '#db/open.ts';
import { ensureAdminToken } from '#lib/config/admin-token.ts';
import { loadConfig } from '#lib/config/load.ts';
import { noOrigins } from '#lib/config/origins.ts';
import { ConfigProblem } from '#lib/config/problem.ts';
import { createLog } from '#lib/log.ts';
import { runWeb } from './main.ts';
import { watchConfig } from './reload.ts';

/** Exit status that says: starting again will not help. */
const cannotGoOn = 78;

/** The web process: configuration → store → edge, and a clean stop on a signal. */
export async function main(args: readonly string[] = []): Promise<number | undefined> {
  const log = createLog({ name: 'web' });
  try {
    const loaded = loadConfig({ env: process.env, cwd: process.cwd() });
    const { config, dataDir, databaseUrl } = loaded;
    const admin = ensureAdminToken(dataDir, process.env);
    const running = await runWeb({
      config,
      origins: loaded.origins ?? noOrigins,
      openStore: () => openStore({ dataDir, url: databaseUrl ?? undefined, isReader: true }),
      host: config.listen.host,
      port: config.listen.port,
      dataDir,
      adminToken: admin.token,
      secret: process.env.SIGNALBOX_SECRET,
      log,
      isDev: process.env.NODE_ENV === 'development',
    });
    const { file } = loaded;
    const load = () => loadConfig({ env: process.env, cwd: process.cwd() });
    const stopWatching = file === null ? () => {} : watchConfig({ edge: running.edge, file, load });
    const { host, port } = running.address;
    const shown = host.includes(':') ? `[${host}]` : host;
    process.stdout.write(`Signalbox is at ${config.url ?? `http://${shown}:${port}`}\n`);
    if (admin.isNew) process.stdout.write(`The admin pages open with the token in ${admin.file}.\n`);
    const stop = () => {
      stopWatching();
      void running.close().then(() => process.exit(0));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    running.pagesReady.catch((error: unknown) => giveUp(error));
    return undefined;
  } catch (error) {
    // The worker beside it reads the same file and says the same.
    return giveUp(error, args.includes('--under-launcher') && error instanceof ConfigProblem);
  }
}

function giveUp(error: unknown, isSaid = false): number {
  if (!isSaid) process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = cannotGoOn;
  // Something half-started may still hold the process.
  setTimeout(() => process.exit(cannotGoOn), 50);
  return cannotGoOn;
}

function sentenceOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC'].includes(code ?? ''))
    return `The data folder cannot be used (${path ?? code}): check its owner and mode, or set SIGNALBOX_DATA.`;
  if (error instanceof Error && typeof code === 'string') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
