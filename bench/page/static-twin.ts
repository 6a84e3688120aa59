import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

/** A static page of the very same bytes from nginx: the document and every file it asks for, compressed likewise. */
export async function startTwin(
  files: { path: string; body: Buffer; type: string }[],
): Promise<{ url: string; stop(): void } | null> {
  if (!nginx) return null;
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-twin-'));
  for (const { path, body } of files) {
    const file = join(dir, 'www', path === '/' ? 'index.html' : path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
  const port = await freePort();
  writeFileSync(join(dir, 'nginx.conf'), configOf(dir, port));
  const child = spawn(nginx, ['-c', join(dir, 'nginx.conf'), '-p', dir], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, files[0]?.body.length ?? 0);
  return {
    url,
    stop() {
      child.kill('SIGQUIT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A twin that says something else would be compared for nothing. */
async function answering(url: string, bytes: number): Promise<void> {
  let last = 'nothing';
  for (let i = 0; i < 100; i++) {
    await new Promise((done) => setTimeout(done, 30));
    last = await fetch(url).then(
      async (r) => `${r.status}, ${(await r.arrayBuffer()).byteLength} bytes`,
      (error: Error) => error.message,
    );
    if (last === `200, ${bytes} bytes`) return;
  }
  throw new Error(`nginx answers ${last}, not the page of ${bytes} bytes`);
}

function configOf(dir: string, port: number): string {
  // Started by root its worker would be somebody else, who may not read our temporary folders.
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  return `${user}worker_processes 1; daemon off; pid ${dir}/pid; error_log ${dir}/error.log; events { worker_connections 256; }
http { access_log off; gzip on; gzip_min_length 256; gzip_types text/css text/javascript;
types { text/html html; text/css css; text/javascript js; }
client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3; uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
server { listen 127.0.0.1:${port}; root ${dir}/www; } }`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
