import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadCase } from './load-case.ts';
import { startProduct } from './product.ts';

/** L2: ten thousand reads a second of page and feed, four of five with If-None-Match, and a change every ten seconds. */

const seconds = 60;
/** Each connection pauses between its requests: as many arrive each second as were asked for, not as many as fit. */
const connections = 125;
const pauseMs = 10;

export const readStorm: LoadCase = {
  title: 'read storm: page and feed from memory while the worker checks',
  async run(print) {
    const product = await startProduct();
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-storm-'));
    let isOver = false;
    try {
      await sleep(20_000);
      const before = await product.facts();
      const etags = await Promise.all(
        ['/', '/api/v1/health?view=routing'].map(async (path) => {
          const response = await fetch(product.url + path, {
            headers: { accept: path === '/' ? 'text/html' : '*/*', 'user-agent': 'Mozilla/5.0' },
          });
          await response.arrayBuffer();
          return [path, response.headers.get('etag') ?? ''] as const;
        }),
      );
      const script = join(folder, 'storm.lua');
      writeFileSync(script, lua(etags));
      const changes = changeEveryTenSeconds(product.sim, () => isOver);
      const worst = { lateness: 0 };
      const watch = watchLateness(product, worst, () => isOver);
      const load = await wrk(product.url, script);
      isOver = true;
      await Promise.all([changes, watch]);
      print({ figure: 'reads', value: load.perS, unit: 'per s', limit: 10_000 });
      print({ figure: 'failed reads', value: load.errors, unit: 'reads', limit: 0 });
      print({ figure: 'p99 of a read', value: load.p99Ms, unit: 'ms', limit: 50 });
      print({ figure: 'the worker’s lateness p99 before', value: before.latenessP99Ms, unit: 'ms' });
      print({
        figure: 'the worker’s lateness p99 changed by',
        value: Math.max(0, worst.lateness - before.latenessP99Ms),
        unit: 'ms',
        limit: 5,
      });
    } finally {
      isOver = true;
      rmSync(folder, { recursive: true, force: true });
      await product.stop();
    }
  },
};

/** Eight of ten requests say what they know; pages and feed in turns. */
function lua(etags: (readonly [string, string])[]): string {
  const rows = etags.map(([path, etag]) => `{ ${JSON.stringify(path)}, ${JSON.stringify(etag)} }`).join(', ');
  return `local rows = { ${rows} }
local n = 0
function delay()
  return ${pauseMs}
end
function request()
  n = n + 1
  local row = rows[n % #rows + 1]
  local headers = { ["Accept"] = "text/html", ["User-Agent"] = "Mozilla/5.0" }
  if n % 10 < 8 and row[2] ~= "" then headers["If-None-Match"] = row[2] end
  return wrk.format("GET", row[1], headers)
end
`;
}

interface Wrk {
  perS: number;
  p99Ms: number;
  errors: number;
}

async function wrk(url: string, script: string): Promise<Wrk> {
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}`, '--latency', '-s', script, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  await new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('close', () => done());
  });
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  const unit = { us: 0.001, ms: 1, s: 1_000 }[p99?.[2] ?? 'ms'] ?? 1;
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  const lost = (socket ?? []).slice(1).reduce((sum, one) => sum + Number(one), 0);
  return {
    perS: number(/Requests\/sec:\s+([\d.]+)/),
    p99Ms: Number(p99?.[1] ?? 0) * unit,
    errors: lost + number(/Non-2xx or 3xx responses: (\d+)/),
  };
}

async function changeEveryTenSeconds(
  sim: { script: (step: { provider: string; status: number; body: unknown }) => () => void },
  isOver: () => boolean,
): Promise<void> {
  let mend: (() => void) | null = null;
  for (let tick = 0; !isOver(); tick++) {
    if (tick % 10 === 0) {
      mend?.();
      mend =
        tick % 20 === 0
          ? sim.script({
              provider: 'deepinfra',
              status: 502,
              body: {
                error: {
                  code: 502,
                  message: 'Provider returned error',
                  metadata: { provider_name: 'DeepInfra' },
                },
              },
            })
          : null;
    }
    await sleep(1_000);
  }
  mend?.();
}

async function watchLateness(
  product: { facts(): Promise<{ latenessP99Ms: number }> },
  worst: { lateness: number },
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await sleep(2_000);
    const { latenessP99Ms } = await product.facts();
    if (Number.isFinite(latenessP99Ms)) worst.lateness = Math.max(worst.lateness, latenessP99Ms);
  }
}
