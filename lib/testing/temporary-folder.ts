import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One folder for everything a run leaves behind: tests, benchmarks and load cases make theirs below it, their children
 * too, because it is what the system calls the temporary folder meanwhile. It goes with the run; what a killed run left
 * goes with the next one.
 */

const prefix = 'signalbox-run-';
/** Unpacked once for all runs: the browser from npm, which lives beside its libraries. */
const kept = ['chromium', 'fonts'];

export function openTemporaryFolder(): () => void {
  const outside = tmpdir();
  sweepDead(outside);
  const folder = mkdtempSync(join(outside, `${prefix}${process.pid}-`));
  for (const name of kept)
    if (existsSync(join(outside, name))) symlinkSync(join(outside, name), join(folder, name));
  // A cold cache would make every child load slower than it does outside.
  process.env.NODE_COMPILE_CACHE ??= join(outside, 'node-compile-cache');
  const before = { TMPDIR: process.env.TMPDIR, TEMP: process.env.TEMP, TMP: process.env.TMP };
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    remove(folder);
  };
  process.once('exit', close);
  return close;
}

function sweepDead(outside: string): void {
  for (const name of readdirSync(outside)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(outside, name));
  }
}

/** What cannot go now, or is somebody else's, goes with another run: no test failed because of it. */
function remove(folder: string): void {
  try {
    // A child that is still ending may write once more.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // Then not.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What vitest calls before the first test; what it returns is called after the last. */
export const setup = openTemporaryFolder;
