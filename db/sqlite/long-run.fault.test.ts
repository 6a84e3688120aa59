import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { classify } from '../../lib/core/outcome.ts';
import { emptyPlan } from '../../lib/core/plan.ts';
import { invariants } from '../../lib/testing/invariants.ts';
import { failedLook, goodLook } from '../../lib/testing/observations.ts';
import { migrateStore, openStore, verifyRollUps } from '../open.ts';

const dayMs = 86_400_000;
const everyMs = 600_000;
const perDay = dayMs / everyMs;
let dataDir = '';
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

// Seen red with retention left out.
it('C7: over seventy days in a few seconds the file grows no more once retention has begun, and no figure is lost', () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-long-'));
  migrateStore({ dataDir });
  const startMs = Date.UTC(2026, 0, 5);
  let nowMs = startMs;
  const store = openStore({ dataDir, nowMs: () => nowMs, reserveBytes: 0 });
  const keep = { rawMs: 7 * dayMs, minutesMs: 3 * dayMs, hoursMs: 30 * dayMs, daysMs: null };
  const file = join(dataDir, 'signalbox.db');
  const sizes: number[] = [];
  const targets = ['alpha', 'bravo', 'carol', 'delta'].map((provider) => ({
    gateway: 'openrouter',
    provider,
    model: 'acme/swift-1',
  }));
  for (let day = 0; day < 70; day++) {
    for (const target of targets)
      store.looks.record(
        Array.from({ length: perDay }, (_, i) => {
          const at = { atMs: startMs + day * dayMs + i * everyMs, target, slot: day * perDay + i };
          return { observation: i % 48 === 0 ? failedLook(502, {}, at) : goodLook(at), found: [] };
        }),
        (observation) => ({ plan: emptyPlan, outcome: classify(observation).class }),
      );
    nowMs = startMs + (day + 1) * dayMs;
    for (let turns = 0; turns < 5_000 && store.upkeep.rollUp(nowMs).hours > 0; turns++);
    for (let turns = 0; turns < 5_000 && store.upkeep.prune(nowMs, keep); turns++);
    sizes.push(statSync(file).size);
  }
  const raw = store.looks.between({ fromMs: 0, toMs: nowMs, limit: 1_000_000 });
  expect(raw.length).toBeLessThanOrEqual(8 * perDay * targets.length);
  expect(raw.length).toBeGreaterThanOrEqual(6 * perDay * targets.length);
  // Days stay for ever and are small; everything else has its end.
  expect((sizes[69] as number) / (sizes[40] as number)).toBeLessThan(1.15);
  expect(invariants(store, { nowMs, file })).toEqual([]);
  store.close();
  expect(verifyRollUps({ dataDir, nowMs: () => nowMs }).differences).toEqual([]);
}, 120_000);
