import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHealthPort, reasonsNotAlive, reasonsNotReady, type WorkerHealth } from './health-port.ts';
import { runWorker } from './main.ts';

describe('what the worker says of itself', () => {
  it('alive while the looking thread speaks, and for as long as a start may take', () => {
    const silent: WorkerHealth = { lookingAtMs: null, beatAtMs: null };
    expect(reasonsNotAlive(silent, 0, 29_000)).toEqual([]);
    expect(reasonsNotAlive(silent, 0, 31_000)).toEqual(['the looking thread says nothing']);
    expect(reasonsNotAlive({ ...silent, lookingAtMs: 60_000 }, 0, 69_000)).toEqual([]);
    expect(reasonsNotAlive({ ...silent, lookingAtMs: 60_000 }, 0, 71_000)).toHaveLength(1);
  });

  it('ready while its heartbeat is written', () => {
    expect(reasonsNotReady({ lookingAtMs: 0, beatAtMs: null }, 0)).toHaveLength(1);
    expect(reasonsNotReady({ lookingAtMs: 0, beatAtMs: 1_000 }, 9_000)).toEqual([]);
    expect(reasonsNotReady({ lookingAtMs: 0, beatAtMs: 1_000 }, 12_000)).toEqual([
      'its heartbeat cannot be written',
    ]);
  });

  it('over HTTP: a status for machines, reasons for people, and nothing else', async () => {
    const health: WorkerHealth = { lookingAtMs: 0, beatAtMs: null };
    const port = openHealthPort({ host: '127.0.0.1', port: 0 }, health, {
      monoMs: () => 1_000,
      complain: () => undefined,
    });
    try {
      await expect.poll(() => port.port()).toBeGreaterThan(0);
      const ask = async (path: string, method = 'GET') => {
        const answer = await fetch(`http://127.0.0.1:${port.port()}${path}`, { method });
        return [answer.status, await answer.text()] as const;
      };
      expect(await ask('/healthz')).toEqual([200, '{"status":"ok","reasons":[]}\n']);
      expect((await ask('/readyz'))[0]).toBe(503);
      health.beatAtMs = 500;
      expect(await ask('/readyz')).toEqual([200, '{"status":"ready","reasons":[]}\n']);
      expect((await ask('/readyz', 'POST'))[0]).toBe(405);
      expect((await ask('/'))[0]).toBe(404);
    } finally {
      port.close();
    }
  });
});

it('a worker with a port for it becomes ready, and is gone from there when it stops', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-health-'));
  writeFileSync(
    join(cwd, 'signalbox.yaml'),
    'listen: { worker_port: 0 }\nknown_providers: false\ngateways: { openrouter: { base_url: "http://127.0.0.1:9/api/v1", status_page: null } }\n',
  );
  const worker = await runWorker({ env: {}, cwd, say: () => undefined });
  try {
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:${worker.healthPort()}${path}`).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(() => ask('/readyz'), { timeout: 15_000 }).toBe(200);
    expect(await ask('/healthz')).toBe(200);
    await worker.stop();
    expect(await ask('/healthz')).toBe(0);
  } finally {
    await worker.stop();
    rmSync(cwd, { recursive: true, force: true });
  }
});
