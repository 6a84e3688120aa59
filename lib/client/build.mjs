import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The client and its adapter as one file each, without dependencies, for Node 20, Deno, Bun, workers and browsers. */
const here = fileURLToPath(new URL('.', import.meta.url));

/** Names that no caller ever sees may be as short as they like. */
const inner =
  /^(setServerTime|hasStarted|isTried|openings|inFlight|failures|untilMs|backAtMs|pollAfterMs|canStream|onNews|earn|spend|quantile|standing|isDoubted|renew|remove|change|timings|budget|retryMs|take|feed)$/;

export async function buildClient({ outdir = `${here}dist`, write = true } = {}) {
  const { outputFiles } = await build({
    entryPoints: { index: `${here}index.ts`, ai: `${here}vercel-ai.ts` },
    outdir,
    bundle: true,
    minify: true,
    mangleProps: inner,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    write,
    logLevel: 'error',
  });
  return Object.fromEntries(
    (outputFiles ?? []).map((file) => [file.path.replace(/^.*[\\/]/, ''), file.text]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient();
