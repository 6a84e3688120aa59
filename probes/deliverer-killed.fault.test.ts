import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { configSchema } from '#lib/config/schema.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { readOperators } from '#lib/notify/operators.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { anEvent, anIncident } from '#lib/testing/messages.ts';

const entry = fileURLToPath(new URL('../lib/testing/killed-deliverer.ts', import.meta.url));
let dataDir = '';
let receiver: HostileReceiver;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
  receiver = await startHostileReceiver();
});
afterEach(async () => {
  await receiver.close();
  expectSound(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

/** One incident, one receiver, decided and committed before anything is sent. */
function decide(channels: Record<string, unknown>[]): void {
  migrateStore({ dataDir });
  const store = openStore({ dataDir });
  const { receivers } = readOperators(configSchema.parse({ channels }), Date.now());
  store.people.saveReceivers('operator', receivers);
  const incident = anIncident();
  const deliveries = addressEvents([anEvent()], receivers, { nowMs: Date.now(), incident: () => incident });
  store.incidents.add(incident, [anEvent()], deliveries);
  store.close();
}

function run(channels: object[], dieAt: string, laterMs: number): Promise<string | null> {
  const args = [entry, dataDir, JSON.stringify(channels), dieAt, String(laterMs)];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return new Promise((go) => child.once('exit', (_code, signal) => go(signal)));
}

describe('a sender that is killed', () => {
  // Seen red with a lease that outlives the killed sender.
  it.each([
    ['claimed', 1],
    ['sent', 2],
    ['marked', 1],
  ] as const)(
    'K6, K7, K8: when it has %s a message, loses nothing and repeats it only under the same id (%i arrivals)',
    async (step, arrivals) => {
      const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
      const channels = [{ type: 'webhook', name: 'a', url: receiver.url, secret }];
      decide(channels);
      expect(await run(channels, step, 0)).toBe('SIGKILL');
      // Before the lease has run out nobody else may send; after it, the next start does.
      await run(channels, 'never', 30_000);
      expect(receiver.got.length).toBe(step === 'claimed' ? 0 : 1);
      await run(channels, 'never', 61_000);
      expect(receiver.got).toHaveLength(arrivals);
      expect(new Set(receiver.got.map((one) => one.headers['webhook-id'])).size).toBe(1);
      const store = openStore({ dataDir });
      expect(store.outbox.pending(Date.now() + 120_000)).toMatchObject({ due: 0, dead: 0 });
      store.close();
    },
  );

  it('K12: by the same message three times parks it, and the others flow', async () => {
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const channels = [{ type: 'webhook', name: 'a', url: receiver.url, secret }];
    decide(channels);
    for (let i = 0; i < 3; i++) expect(await run(channels, 'claimed', i * 61_000)).toBe('SIGKILL');
    expect(await run(channels, 'claimed', 3 * 61_000)).toBeNull();
    expect(receiver.got).toEqual([]);
    const store = openStore({ dataDir });
    expect(store.outbox.pending(Date.now() + 300_000)).toMatchObject({ due: 0, dead: 1 });
    store.close();
  });
});
