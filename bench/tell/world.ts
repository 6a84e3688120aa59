import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateStore, openStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, strictPolicy } from '#lib/http.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { startDeliverer } from '#probes/deliverer.ts';

export const sealer = createSealer(Buffer.alloc(32, 1));
export const wallMs = () => performance.timeOrigin + performance.now();

export interface Ports {
  hang: number[];
  quick: number;
  smtp: number;
}

export async function startReceivers(): Promise<{ child: ChildProcess; ports: Ports }> {
  const child = fork(fileURLToPath(new URL('./receivers.ts', import.meta.url)));
  const ports = await new Promise<Ports>((go) => child.once('message', (message) => go(message as Ports)));
  return { child, ports };
}

/** A real store on disk and the deliverer over it. */
export function openWorld(input: Record<string, unknown>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tell-bench-'));
  migrateStore({ dataDir });
  const store = openStore({ dataDir });
  const deliverer = startDeliverer({
    store,
    http: { trusted: createTrusted(), untrusted: createUntrusted(strictPolicy) },
    sealer,
    config: configSchema.parse({ url: 'https://status.example.com', ...input }),
    by: 'bench',
    nowMs: Date.now,
    say: () => undefined,
  });
  const close = async (): Promise<void> => {
    // What hangs is not waited for: the bench is over.
    void deliverer.stop();
    await new Promise((go) => setTimeout(go, 200));
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { store, deliverer, close };
}

let made = 0;
export function anEvent(change: Partial<CoreEvent>): CoreEvent {
  made += 1;
  return {
    id: `bench:${made}`,
    type: 'notice',
    atMs: Date.now(),
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    sentence: `Something happened, number ${made}.`,
    reason: 'bench',
    startedAtMs: null,
    expiresAtMs: null,
    data: {},
    ...change,
  };
}

/** Decision and drafts in one transaction; the commit is what the clock starts at. */
export function commit(store: Store, event: CoreEvent): void {
  const context = { nowMs: Date.now(), incident: () => null };
  store.events.add([event], addressEvents([event], store.people.receivers('operator'), context));
}
