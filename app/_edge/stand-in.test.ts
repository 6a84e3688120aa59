import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import { startEdge } from '#lib/testing/running-edge.ts';
import { lastKnown } from './stand-in.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stand-in-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

interface Feed {
  incidents: { id: string }[];
  targets: { id: string; state: string; advice: { action: string } }[];
}

const feedOf = async (url: string) => (await (await fetch(`${url}/api/v1/health`)).json()) as Feed;

it('answers with what was last known, all of it unknown, while the database is broken, and takes it up again', async () => {
  // Filled as a worker would, in its own folder, and pictured on leaving.
  const first = await startEdge({ scene: 'partial', web: { dataDir } });
  const before = await feedOf(first.url);
  await first.stop();
  expect(existsSync(join(dataDir, 'snapshot.json'))).toBe(true);

  let isBroken = true;
  const broken = Object.assign(new Error('the file is damaged'), { code: 'damaged', permanent: true });
  const later = Date.now() + 600_000;
  const second = await startEdge({
    scene: 'calm',
    web: {
      dataDir,
      nowMs: () => later,
      openStore: () => {
        if (isBroken) throw broken;
        return openStore({ dataDir: second.dataDir, isReader: true });
      },
    },
  });
  try {
    const shown = await feedOf(second.url);
    expect(shown.targets.length).toBeGreaterThan(0);
    expect(shown.incidents.length).toBeGreaterThan(0);
    expect(shown.targets.map(({ id }) => id)).toEqual(before.targets.map(({ id }) => id));
    expect(new Set(shown.targets.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(shown.incidents.map(({ id }) => id)).toEqual(before.incidents.map(({ id }) => id));
    expect(second.logged.map(({ text }) => text)).toContain(
      'the store cannot be opened; the last picture is served',
    );
    expect(() => second.web.edge.store.upkeep.note('x', 'y')).toThrow('nothing can be saved');
    isBroken = false;
    await expect
      .poll(() => second.logged.map(({ text }) => text), { timeout: 5_000 })
      .toContain('the store is open again');
    expect(second.web.edge.store.incidents.list({ limit: 10 })).toEqual(
      second.store.incidents.list({ limit: 10 }),
    );
  } finally {
    await second.stop();
  }
});

it('is nothing where there is no picture, or one that cannot be read', () => {
  expect(lastKnown(dataDir, Date.now)).toBeNull();
  expect(lastKnown(null, Date.now)).toBeNull();
  writeFileSync(join(dataDir, 'snapshot.json'), '{"v":1}');
  expect(lastKnown(dataDir, Date.now)).toBeNull();
});
