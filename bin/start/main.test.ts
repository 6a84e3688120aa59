import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../start.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'signalbox-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an argument is not ignored in silence', () => {
  const { status, stderr } = spawnSync(process.execPath, [launcher, '--port', '4000'], { encoding: 'utf8' });
  expect(status).toBe(78);
  expect(stderr).toMatch(/^"--port 4000" is not taken\. npm start takes no arguments: PORT/);
});

test('a typing error in the configuration is said once, by place, and ends both processes', () => {
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, `data: ${folder}/data\nbudgets: 3\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher], {
    env: { ...process.env, SIGNALBOX_CONFIG: file },
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(status).toBe(78);
  // Seen red by leaving out what tells the web process that the worker is beside it: two lines.
  expect(stderr.split('\n').filter((line) => line.includes('signalbox.yaml:2:'))).toHaveLength(1);
  expect(stdout).not.toContain('starting it again');
});
