import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Declarations name their neighbours as they are called once built. */
function renameImports(dir) {
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.d.ts'))) {
    const text = readFileSync(`${dir}/${file}`, 'utf8');
    writeFileSync(`${dir}/${file}`, text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildClient();
  renameImports(`${here}dist`);
}
