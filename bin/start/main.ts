import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '#lib/config/load.ts';
import { ConfigProblem } from '#lib/config/problem.ts';
import { build, isBuilt } from './build.ts';
import { supervise } from './supervise.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cannotGoOn = 78;

/** `npm start`: builds if needed, then runs worker and web until a signal, starting again whichever dies. */
export async function main(): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  try {
    loadConfig({ env: process.env, cwd: process.cwd() });
  } catch (problem) {
    if (!(problem instanceof ConfigProblem)) throw problem;
    process.stderr.write(`${problem.message}\n`);
    return cannotGoOn;
  }
  if (!isBuilt(root)) {
    const failure = await build(root, say);
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
  const part = (name: string) => ({ name, args: [join(root, 'bin', `${name}.mjs`)], env });
  const run = supervise({
    parts: [part('worker'), part('web')],
    backoffMs: { first: 500, longest: 30_000 },
    steadyMs: 60_000,
    stopMs: 12_000,
    say,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, run.stop);
  return run.done;
}
