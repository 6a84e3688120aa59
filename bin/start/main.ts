import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.ts';
import { supervise } from './supervise.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cannotGoOn = 78;
const help =
  'npm start takes no arguments: PORT, HOST, SIGNALBOX_CONFIG and SIGNALBOX_DATA in the environment, or signalbox.yaml, say what it needs.';

/** `npm start`: builds if needed, then runs worker and web until a signal, starting again whichever dies. */
export async function main(argv: string[] = []): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  if (argv.length > 0) {
    const isHelp = argv.includes('--help');
    process[isHelp ? 'stdout' : 'stderr'].write(
      `${isHelp ? '' : `"${argv.join(' ')}" is not taken. `}${help}\n`,
    );
    return isHelp ? 0 : cannotGoOn;
  }
  if (!isBuilt(root)) {
    const failure = (await configFailure()) ?? (await build(root, say));
    if (failure !== null) {
      process.stderr.write(`${failure}\n`);
      return cannotGoOn;
    }
  }
  const env = {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '64',
  };
  const worker = { name: 'worker', args: [join(root, 'bin', 'worker.mjs'), '--under-launcher'], env };
  // Loading the pages fills a small young generation a hundred times over: a third of what a start costs.
  const web = {
    name: 'web',
    args: ['--min-semi-space-size=16', join(root, 'bin', 'web.mjs'), '--under-launcher'],
    env,
  };
  const run = supervise({
    parts: [worker, web],
    backoffMs: { first: 100, longest: 30_000 },
    steadyMs: 10_000,
    stopMs: 12_000,
    say,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, run.stop);
  return run.done;
}

/** Nobody waits for a build to hear of a typing error. Otherwise the worker reads the file: reading it twice costs 0.15 s. */
async function configFailure(): Promise<string | null> {
  const [{ loadConfig }, { ConfigProblem }] = await Promise.all([
    import('#lib/config/load.ts'),
    import('#lib/config/problem.ts'),
  ]);
  try {
    loadConfig({ env: process.env, cwd: process.cwd() });
    return null;
  } catch (problem) {
    if (problem instanceof ConfigProblem) return problem.message;
    throw problem;
  }
}
