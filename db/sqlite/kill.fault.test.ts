import { expect, it } from 'vitest';
import { dataFolders } from '../contract/folder.contract.ts';
import { killOften } from '../contract/kills.contract.ts';

const folder = dataFolders();

// K2–K5, a hundred times: seen to fail with every statement in a transaction of its own.
it('a hundred times kill -9 under load lose nothing that was acknowledged and double nothing', async () => {
  const at = folder();
  at.migrate();
  expect(await killOften(at, 100)).toBeGreaterThan(200);
}, 600_000);
