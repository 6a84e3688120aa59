import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** nginx with one worker serving given bytes, and wrk as the load: both from the system. */

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);
const wrk = ['/usr/bin/wrk', '/usr/local/bin/wrk'].find(existsSync);

export const canMeasure = nginx !== undefined && wrk !== undefined;

export interface Rival {
  url: string;
  stop(): void;
}

const quiet = new Set([
  'content-length',
  'date',
  'connection',
  'keep-alive',
  'content-type',
  'etag',
  'server',
]);

/** Its worker would be another user, who may not look into our folders. */
const asOurselves = process.getuid?.() === 0 ? 'user root;' : '';

export async function startNginx(body: Buffer, headers: Headers): Promise<Rival> {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-nginx-'));
  const port = await freePort();
  writeFileSync(join(dir, 'body.json'), body);
  const lines = [...headers]
    .filter(([name]) => !quiet.has(name))
    .map(([name, value]) => `add_header ${name} '${value.replaceAll("'", '')}';`);
  writeFileSync(
    join(dir, 'nginx.conf'),
    `${asOurselves} worker_processes 1; daemon off; pid ${dir}/pid; error_log ${dir}/error.log; events { worker_connections 1024; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10; types { application/json json; }
     client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3; uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
     server { listen 127.0.0.1:${port}; root ${dir}; ${lines.join(' ')} } }`,
  );
  const child: ChildProcess = spawn(nginx as string, ['-c', join(dir, 'nginx.conf'), '-p', dir], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/body.json`;
  let isServing = false;
  for (let i = 0; i < 100 && !isServing; i++) {
    await new Promise((done) => setTimeout(done, 30));
    isServing = await fetch(url).then(
      async (r) => (await r.arrayBuffer()).byteLength === body.length,
      () => false,
    );
  }
  if (!isServing) throw new Error('nginx does not serve the same bytes');
  const stop = () => {
    child.kill('SIGQUIT');
    rmSync(dir, { recursive: true, force: true });
  };
  return { url, stop };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export interface Load {
  perS: number;
  p99Ms: number;
  errors: number;
}

/** Runs beside us, so that our own loop serves meanwhile. */
export function load(
  url: string,
  seconds: number,
  headers: Record<string, string> = {},
  script: string[] = [],
): Promise<Load> {
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return runWrk(['-t1', '-c32', `-d${seconds}`, '--latency', ...flags, ...script, url]);
}

/** About ten thousand a second and no more: each of 64 connections waits 5 ms after every answer. */
export async function paced(url: string, seconds: number): Promise<Load> {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-wrk-'));
  const script = join(dir, 'paced.lua');
  writeFileSync(script, 'function delay() return 5 end\n');
  const result = await runWrk(['-t1', '-c64', `-d${seconds}`, '--latency', '-s', script, url]);
  rmSync(dir, { recursive: true, force: true });
  return result;
}

function runWrk(args: string[]): Promise<Load> {
  const child = spawn(wrk as string, args);
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  return new Promise((done) => {
    child.on('close', () => {
      const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
      const unit = { us: 0.001, ms: 1, s: 1000 }[p99?.[2] ?? 'ms'] ?? 1;
      const errors = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
      done({
        perS: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1] ?? 0),
        p99Ms: Number(p99?.[1] ?? 0) * unit,
        errors,
      });
    });
  });
}

/** The same with a body, posted over and over. */
export async function loadPosts(
  url: string,
  seconds: number,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
): Promise<Load> {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-wrk-'));
  const [script, file] = [join(dir, 'post.lua'), join(dir, 'body')];
  writeFileSync(file, body);
  writeFileSync(
    script,
    `wrk.method = "POST"\nlocal f = io.open("${file}", "rb")\nwrk.body = f:read("*all")\nf:close()\n`,
  );
  try {
    return await load(url, seconds, headers, ['-s', script]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function wrkVersion(): string {
  return spawnSync(wrk as string, ['-v'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
}
