import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The pages are the only thing that is built. They are built when there is no build, or when their sources changed. */

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

const sources = ['app', 'lib/core', 'lib/words', 'next.config.ts', 'package-lock.json'];

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name.endsWith('.test.ts') || entry.name === '_edge') continue;
    latest = Math.max(latest, newest(join(path, entry.name)));
  }
  return latest;
}

export function isBuilt(root: string): boolean {
  try {
    const stamp = Number(readFileSync(join(root, '.next', 'signalbox-built'), 'utf8'));
    statSync(join(root, '.next', 'BUILD_ID'));
    return sources.every((path) => newest(join(root, path)) <= stamp);
  } catch {
    return false;
  }
}

/** Runs `next build`; resolves to null, or to the sentence that says why it failed. */
export async function build(root: string, out: (line: string) => void): Promise<string | null> {
  out('Building the pages (only after an install or a change) …');
  const startedMs = Date.now();
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
    {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let tail = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (tail = (tail + chunk).slice(-4_000)));
  // Whoever stops us stops it: an orphan would hold the next start's build.
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    child.kill('SIGTERM');
  };
  for (const signal of stopSignals) process.once(signal, stop);
  const status = await new Promise<number | null>((done) => child.on('close', done));
  for (const signal of stopSignals) process.off(signal, stop);
  if (isStopped) return 'Stopped while the pages were being built.';
  if (status !== 0) return `The pages could not be built:\n${tail.trim()}`;
  writeFileSync(join(root, '.next', 'signalbox-built'), String(startedMs));
  return null;
}
