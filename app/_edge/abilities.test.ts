import { expect, test } from 'vitest';
import { abilityKey } from '#lib/core/feed-capabilities.ts';
import { goodLook } from '#lib/testing/observations.ts';
import { startEdge } from '#lib/testing/running-edge.ts';

test('what the looks for an ability showed is read from the store into the feed', async () => {
  const keeper = await startEdge({ scene: 'calm' });
  const { store, dataDir, scene } = keeper;
  const route = scene.facts.routes.find((one) => one.target.provider !== 'any')!;
  const pattern = scene.facts.fleet.find((watched) => watched.probe === 'completion')!;
  const target = { ...route.target, api: 'tools' };
  const watched = {
    ...pattern,
    ...{ key: abilityKey(route.target, 'tools'), probe: 'capability' as const, target, everyMs: 21_600_000 },
  };
  store.looks.saveFleet([...scene.facts.fleet, watched], Date.now());
  const observation = { ...goodLook({ target, probe: 'capability' }), atMs: Date.now() - 60_000 };
  store.looks.record([{ observation, found: [] }], () => ({
    outcome: 'ok',
    plan: { components: [], routes: [], incidents: [], events: [], guard: null, asks: [] },
  }));
  const edge = await startEdge({ dataDir });
  try {
    const answer = await fetch(`${edge.url}/api/v1/health/targets/${route.targetId}`);
    const { target: shown } = (await answer.json()) as { target: { capabilities: object } };
    expect(shown.capabilities).toMatchObject({ tools: 'pass', json: 'unknown' });
  } finally {
    await edge.stop();
    await keeper.stop();
  }
});
