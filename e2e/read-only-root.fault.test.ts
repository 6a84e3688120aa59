import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { freePorts } from './running-demo.ts';

/** What the containers promise, without a container: a project nobody can write to, and a user who owns one folder. */

const nobody = 65_534;
const data = mkdtempSync('/tmp/signalbox-readonly-');
afterAll(() => rmSync(data, { recursive: true, force: true }));

const asNobody = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
/** Mounting over itself needs a mount namespace, somebody else's rights need root, and nobody must find the way here. */
const canMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-m', 'true']).status === 0 &&
  spawnSync('setpriv', [...asNobody, 'test', '-r', join(projectDir, 'bin', 'start.mjs')]).status === 0;

it.skipIf(!canMount)(
  'as nobody, with a read-only root, it starts, shows a page, answers its health check and stops',
  async () => {
    const port = await freePorts();
    chownSync(data, nobody, nobody);
    chmodSync(data, 0o700);
    const script = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && ! touch trial 2>/dev/null &&
exec env -i PATH="$PATH" NODE_ENV=production HOST=127.0.0.1 PORT=${port} SIGNALBOX_DATA="$1" UV_THREADPOOL_SIZE=64 \
setpriv ${asNobody.join(' ')} "$2" bin/start.mjs`;
    const child = spawn('unshare', ['-m', 'sh', '-c', script, projectDir, data, process.execPath]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const ended = new Promise((exit) => child.once('exit', exit));
    try {
      const url = `http://127.0.0.1:${port}`;
      const page = () =>
        fetch(url, { headers: { 'user-agent': 'Mozilla/5.0', accept: 'text/html' } }).then(
          ({ status }) => status,
          () => (child.exitCode === null ? 0 : said),
        );
      await expect.poll(page, { timeout: 30_000 }).toBe(200);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      await expect.poll(() => said, { timeout: 10_000 }).toContain(`${data}/admin-token`);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
    expect(said).not.toMatch(/EROFS|read-only/i);
  },
);
