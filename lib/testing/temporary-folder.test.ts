import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const outside = mkdtempSync(join(tmpdir(), 'outside-'));
afterEach(() => rmSync(outside, { recursive: true, force: true }));
const helper = pathToFileURL(join(import.meta.dirname, 'temporary-folder.ts')).href;

function runChild(script: string): string {
  const code = `import { openTemporaryFolder } from ${JSON.stringify(helper)};
    import { mkdtempSync } from 'node:fs'; import { tmpdir } from 'node:os'; import { join } from 'node:path';
    const close = openTemporaryFolder(); const made = mkdtempSync(join(tmpdir(), 'sb-')); console.log(made); ${script}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, TMPDIR: outside },
    encoding: 'utf8',
  }).stdout.trim();
}

// Seen red without the removal at the end, and without the sweep.
test('what a run made is gone with it, and what a killed run left goes with the next one', () => {
  mkdirSync(outside, { recursive: true });
  const made = runChild('');
  expect(made).toContain('signalbox-run-');
  expect(readdirSync(outside)).toEqual([]);
  const left = runChild("process.kill(process.pid, 'SIGKILL')");
  expect(existsSync(left)).toBe(true);
  runChild('close()');
  expect(readdirSync(outside)).toEqual([]);
});

test('this very test lives in such a folder', () => {
  expect(tmpdir()).toMatch(/signalbox-run-\d+-/);
});
