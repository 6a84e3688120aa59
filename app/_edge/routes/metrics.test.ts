import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

test('the figures are what Prometheus wants to read: base units, and quantiles only in a summary', async () => {
  const facts = { rssMb: 120.5, maxStallMs: 40 };
  edge.store.upkeep.beat({ atMs: edge.nowMs(), startedAtMs: 0, vantage: 'local', facts });
  const text = await (await fetch(`${edge.url}/metrics`)).text();
  expect(text).toContain('signalbox_worker_rss_bytes 120500000');
  expect(text).toContain('signalbox_worker_max_stall_seconds 0.04');
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((m) => [m[1], m[2]]));
  for (const [, name] of text.matchAll(/^(\w+)\{[^}]*quantile=/gm)) expect(types.get(name)).toBe('summary');
});
