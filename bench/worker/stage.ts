import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Watched } from '#lib/core/fleet.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import type { HostReport } from './host.ts';

export function scratch(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function startServer(): Promise<{ url: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)));
  const { port } = await new Promise<{ port: number }>((go) =>
    child.once('message', (m) => go(m as { port: number })),
  );
  return { url: `http://127.0.0.1:${port}/`, stop: () => void child.kill('SIGKILL') };
}

export function plainFleet(count: number, url: string, everyMs: number): Watched[] {
  return Array.from({ length: count }, (_, i) =>
    watchedTarget(
      'http',
      { gateway: null, provider: `t${i}`, model: null },
      {
        baseUrl: url,
        everyMs,
        timeoutMs: 5_000,
        options: { method: 'GET', expect: {} },
      },
    ),
  );
}

export interface Host {
  child: ChildProcess;
  last(): HostReport | null;
  until(check: (report: HostReport) => boolean, limitMs: number): Promise<HostReport>;
  stop(): Promise<void>;
}

export function startHost(cwd: string, fleet: Watched[]): Host {
  const watched = join(cwd, 'fleet.json');
  writeFileSync(watched, JSON.stringify(fleet));
  const child = fork(fileURLToPath(new URL('./host.mjs', import.meta.url)), [
    JSON.stringify({ cwd, watched }),
  ]);
  let last: HostReport | null = null;
  child.on('message', (message) => {
    last = message as HostReport;
  });
  const gone = new Promise<void>((go) => child.once('exit', () => go()));
  return {
    child,
    last: () => last,
    async until(check, limitMs) {
      const untilMs = performance.now() + limitMs;
      while (!last || !check(last)) {
        if (performance.now() > untilMs) throw new Error('the worker did not get there in time');
        await pause(20);
      }
      return last;
    },
    async stop() {
      child.disconnect();
      await gone;
    },
  };
}

export const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));
