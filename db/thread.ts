import module from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** More than this is a mistake of ours: the thread ends, the process goes on. */
const mostMb = 512;

/** A thread for what takes long, by its file in this room. Its environment names the compile cache: without it the thread would load a TypeScript compiler of its own. */
export function startThread(file: string, workerData: object): Worker {
  const folder = module.getCompileCacheDir?.();
  return new Worker(join(import.meta.dirname, file), {
    workerData,
    env: { ...process.env, ...(folder ? { NODE_COMPILE_CACHE: dirname(folder) } : {}) },
    resourceLimits: { maxOldGenerationSizeMb: mostMb },
  });
}
