import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFleet } from '#lib/config/fleet.ts';
import type { Store } from '#lib/store.ts';
import { runWorker } from '#probes/main.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';
import { jsonLines } from '../child-lines.ts';

/**
 * The real worker with its default settings (fleet, intervals, budget, confirmation, policy) against the scripted
 * OpenRouter, and the real edge on its store. Only addresses are told: the simulated ones, and three controls here.
 */
export interface Stage {
  sim: Sim;
  store: Store;
  /** The edge's address; empty without one. */
  url: string;
  stop(): Promise<void>;
}

export async function startStage(seed: number, hasEdge: boolean): Promise<Stage> {
  const cwd = mkdtempSync(join(tmpdir(), 'judge-live-'));
  const endings: (() => unknown)[] = [() => rmSync(cwd, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  try {
    const sim = await startSim({ seed, latencyScale: 0.5, keepCalls: 10 });
    endings.push(() => sim.close());
    const controls = await Promise.all([startControl(), startControl(), startControl()]);
    endings.push(() => controls.forEach((one) => void one.close()));
    writeFileSync(join(cwd, 'signalbox.yaml'), yamlOf(sim, controls));
    const worker = await runWorker({ env: {}, cwd, say: () => undefined, build: onlyOurs });
    endings.push(() => worker.stop());
    const edge = hasEdge ? await startEdge(cwd) : null;
    if (edge) endings.push(() => ended(edge.child));
    return { sim, store: worker.store, url: edge?.url ?? '', stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const onlyOurs: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  return { ...built, watched: built.watched.filter((one) => /127\.0\.0\.1/.test(one.baseUrl)) };
};

function yamlOf(sim: Sim, controls: readonly Server[]): string {
  const named = controls.map((one, i) => `  - { name: control-${i}, url: "${addressOf(one)}" }`).join('\n');
  return `
known_providers: false
gateways:
  openrouter: { base_url: "${sim.baseUrl}", key: sk-or-v1-bench, status_page: "${sim.statusUrl}" }
controls:
${named}
`;
}

async function startControl(): Promise<Server> {
  const server = createServer((_, response) => void response.end('here'));
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', () => go()));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function startEdge(cwd: string): Promise<{ child: ChildProcess; url: string }> {
  const path = fileURLToPath(new URL('../client/edge.ts', import.meta.url));
  const child = spawn(process.execPath, [path], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const { url } = (await jsonLines(child)()) as { url: string };
  return { child, url };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((go) => child.once('exit', go));
  child.kill('SIGKILL');
  await gone;
}
