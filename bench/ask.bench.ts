import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEdge } from '#lib/testing/running-edge.ts';
import { startSim } from '#probes/sim/main.ts';
import { median, type Print } from './figure.ts';

export const name = 'ask';

const entry = fileURLToPath(new URL('../bin/signalbox.mjs', import.meta.url));
const rounds = 7;

/** The command as it is typed, from its start to its first line and to its end: alone, with a call that hangs, and asking a server. */
export async function run(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ask-'));
  const sim = await startSim();
  const place = await serve();
  const edge = await startEdge({ scene: 'partial' });
  const beat = setInterval(
    () => edge.store.upkeep.beat({ atMs: Date.now(), startedAtMs: Date.now(), vantage: 'local', facts: {} }),
    1_000,
  );
  const config = (port: number | string) => {
    const file = join(folder, 'signalbox.yaml');
    writeFileSync(
      file,
      `listen: { port: ${port} }
gateways: { openrouter: { base_url: "${sim.baseUrl}", key: sk-or-v1-0123456789abcdef, status_page: "${sim.statusUrl}" } }
controls: [ { name: a, url: "${place.url}" }, { name: b, url: "${place.url}b" } ]
`,
    );
    return file;
  };
  try {
    const alone = await times(config(9));
    print({ figure: 'ask alone: first line', value: alone.firstMs, unit: 'ms', limit: 1_500 });
    print({ figure: 'ask alone: complete', value: alone.tookMs, unit: 'ms', limit: 5_000 });
    const mend = sim.script({ path: '/chat/completions', hang: true });
    const hung = await times(config(9), 3);
    mend();
    print({ figure: 'ask while calls hang: first line', value: hung.firstMs, unit: 'ms', limit: 1_500 });
    print({ figure: 'ask while calls hang: complete', value: hung.tookMs, unit: 'ms', limit: 5_000 });
    const asked = await times(config(new URL(edge.url).port));
    print({ figure: 'ask a running server: complete', value: asked.tookMs, unit: 'ms', limit: 250 });
  } finally {
    clearInterval(beat);
    place.server.close();
    await Promise.all([edge.stop(), sim.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function times(config: string, count = rounds): Promise<{ firstMs: number; tookMs: number }> {
  const first: number[] = [];
  const took: number[] = [];
  // The first fills the compile cache.
  for (let round = 0; round <= count; round++) {
    const one = await askOnce(config);
    if (round === 0) continue;
    first.push(one.firstMs);
    took.push(one.tookMs);
  }
  return { firstMs: median(first), tookMs: median(took) };
}

function askOnce(config: string): Promise<{ firstMs: number; tookMs: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [entry, 'ask'], {
    env: { ...process.env, OPENROUTER_API_KEY: '', SIGNALBOX_CONFIG: config },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let firstMs = Number.NaN;
  child.stdout.once('data', () => {
    firstMs = performance.now() - startedMs;
  });
  return new Promise((done) =>
    child.once('close', () => done({ firstMs, tookMs: performance.now() - startedMs })),
  );
}

async function serve(): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
