import { fileURLToPath } from 'node:url';
import { build, isBuilt } from '../start/build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run build`: the pages, unless what is there is still good. */
export async function main(): Promise<number> {
  if (isBuilt(root)) return 0;
  const failure = await build(root, (line) => process.stdout.write(`${line}\n`));
  if (failure === null) return 0;
  process.stderr.write(`${failure}\n`);
  return 1;
}
