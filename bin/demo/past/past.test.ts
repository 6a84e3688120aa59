import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { documentedOutages } from '#lib/core/documented-outages.ts';
import type { Incident } from '#lib/core/plan.ts';
import type { Store } from '#lib/store.ts';
import { demoConfig, demoYaml, livePace } from '../demo-config.ts';
import { demoBuild } from '../demo-fleet.ts';
import { placesFrom } from '../places.ts';
import { storiesBefore, strikes } from './calendar.ts';
import { generatePast, pastFleet } from './generate.ts';

const nowMs = Date.parse('2026-11-21T08:30:00Z');
const dayMs = 86_400_000;
const silent = { to: () => {}, end: () => {} };

function demoFleet() {
  const folder = mkdtempSync(join(tmpdir(), 'demo-past-'));
  const places = placesFrom(3900);
  const path = join(folder, 'signalbox.yaml');
  writeFileSync(path, demoYaml(demoConfig(places, folder, livePace)));
  return pastFleet(path, folder, demoBuild(places), nowMs);
}

describe('ninety days of the past', () => {
  let store: Store;
  let incidents: Incident[];
  beforeAll(() => {
    store = openMemoryStore({ nowMs: () => nowMs });
    generatePast({ store, fleet: demoFleet(), nowMs, seed: 7, progress: silent });
    incidents = store.incidents.list({ limit: 200 });
  }, 60_000);
  afterAll(() => store.close());

  test('hold twelve pinned routes over eight providers, three unpinned and three direct ones', () => {
    const routes = demoFleet().watched.filter((w) => w.probe === 'completion');
    const pinned = routes.filter((w) => w.target.gateway === 'openrouter' && w.target.provider !== 'any');
    expect(pinned).toHaveLength(12);
    expect(new Set(pinned.map((w) => w.target.provider)).size).toBe(8);
    expect(routes.filter((w) => w.target.gateway === 'direct')).toHaveLength(3);
  });

  test('open no socket to anywhere but this machine', () => {
    for (const w of demoFleet().watched) expect(new URL(w.baseUrl).hostname).toBe('127.0.0.1');
  });

  test('retell each documented outage as one incident of the gateway, of its length', () => {
    const gateway = incidents
      .filter((i) => i.scope.kind === 'gateway')
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
    expect(gateway.map((i) => i.scope.id)).toEqual(['openrouter', 'openrouter', 'openrouter']);
    const minutes = gateway.map((i) => Math.round(((i.resolvedAtMs ?? 0) - i.startedAtMs) / 60_000));
    for (const [i, outage] of documentedOutages.entries()) {
      expect(Math.abs((minutes[i] ?? 0) - (outage.toMs - outage.fromMs) / 60_000)).toBeLessThanOrEqual(2);
      const note = gateway[i]?.timeline.find((t) => t.kind === 'note');
      expect(note?.text).toContain(new Date(outage.fromMs).toISOString().slice(0, 10));
    }
    expect((gateway[2]?.startedAtMs ?? 0) - (gateway[1]?.startedAtMs ?? 0)).toBeGreaterThan(1.9 * dayMs);
  });

  test('blame the provider or the model where one of them was at fault', () => {
    const blamed = new Set(incidents.map((i) => `${i.scope.kind}:${i.scope.id}`));
    expect([...blamed]).toEqual(
      expect.arrayContaining(['provider:groq', 'provider:azure', 'model:meta-llama/llama-3.3-70b-instruct']),
    );
    expect(incidents.every((i) => i.status === 'resolved')).toBe(true);
  });

  test('bring news of the catalogue, made by the product itself', () => {
    const types = ['catalog.model_added', 'catalog.model_withdrawn', 'catalog.model_repriced'];
    const seen = store.events.list({ types, limit: 50 });
    expect(new Set(seen.map((e) => e.type))).toEqual(new Set(types));
    expect(seen.every((e) => e.sentence.length > 10)).toBe(true);
  });

  test('are measured on every day, and mostly good', () => {
    const bars = store.history.bars({ fromMs: nowMs - 89 * dayMs, toMs: nowMs, convention: 'openrouter' });
    const groq = bars.filter((b) => b.targetKey.includes('openrouter:groq:meta-llama~llama-3.1'));
    expect(new Set(groq.map((b) => b.dayMs)).size).toBeGreaterThanOrEqual(89);
    const bad = groq.reduce((sum, b) => sum + b.badS, 0);
    const measured = groq.reduce((sum, b) => sum + b.measuredS, 0);
    expect(bad).toBeGreaterThan(0);
    expect(bad / measured).toBeLessThan(0.02);
  });

  test('end with looks of the last hours and a current verdict', () => {
    const { components } = store.looks.current();
    expect(components.find((c) => c.kind === 'gateway')?.verdict).toBe('operational');
    const key = demoFleet().watched.find((w) => w.probe === 'completion')?.key ?? '';
    expect(store.looks.last(key, 3)).toHaveLength(3);
  });
});

test('a direct route is struck only by what strikes everywhere', () => {
  const [episode] = storiesBefore(nowMs)
    .flatMap((s) => s.episodes)
    .filter((e) => e.provider === 'anthropic');
  if (!episode) throw new Error('no such episode');
  expect(strikes(episode, { gateway: 'openrouter', provider: 'anthropic', model: 'm' })).toBe(true);
  expect(strikes(episode, { gateway: 'direct', provider: 'anthropic', model: 'm' })).toBe(false);
  expect(
    strikes({ ...episode, isEverywhere: true }, { gateway: 'direct', provider: 'anthropic', model: 'm' }),
  ).toBe(true);
  expect(strikes(episode, { gateway: null, provider: 'anthropic', model: null })).toBe(false);
});
