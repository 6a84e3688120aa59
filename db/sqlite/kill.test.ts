import { describe, expect, it } from 'vitest';
import { type DataFolder, dataFolders } from '../contract/folder.contract.ts';
import { checkInvariants, killOften, runAndKill } from '../contract/kills.contract.ts';
import { monday } from '../contract/samples.contract.ts';

const folder = dataFolders();
function expectNothing(at: DataFolder): void {
  const store = at.open();
  expect(store.looks.between({ fromMs: monday, toMs: monday + 1e10, limit: 9 })).toEqual([]);
  expect(store.events.position().seq).toBe(0);
  expect(store.incidents.list({ limit: 9 })).toEqual([]);
  expect(store.looks.current().routes).toEqual([]);
  expect(store.outbox.log({ limit: 9 })).toEqual([]);
}

// K2–K4, K5: seen to fail with every statement in a transaction of its own.
describe('kill -9', () => {
  it.each(['before', 'between', 'after'])(
    'K2, K3, K4: %s a look of a batch leaves the whole batch or nothing of it',
    async (step) => {
      const at = folder();
      at.migrate();
      const acknowledged = await runAndKill(at.path, 0, step);
      expect(acknowledged).toBe(step === 'after' ? 1 : -1);
      if (step === 'after') expect(checkInvariants(at, acknowledged)).toBe(1);
      else expectNothing(at);
    },
  );
  it('K5: at any moment loses nothing that was acknowledged and doubles nothing', async () => {
    const at = folder();
    at.migrate();
    expect(await killOften(at, 8)).toBeGreaterThan(16);
  }, 60_000);
});
