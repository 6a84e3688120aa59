import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateStore, openStore } from '#db/open.ts';
import { parseConfig } from '#lib/config/load.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import { acknowledgeIncident } from '#lib/ops/acknowledge-incident.ts';
import { correctIncident } from '#lib/ops/correct-incident.ts';
import { resolveIncident } from '#lib/ops/resolve-incident.ts';
import type { Store } from '#lib/store.ts';
import { direct, failedLook, goodLook } from '#lib/testing/observations.ts';
import type { Core } from './core.ts';
import { withHandEdits } from './hand-edits.ts';
import { createLiveCore } from './live-core.ts';

/** Two processes on one file: one decides, in the other a person edits. */

let dataDir: string;
let worker: Store;
let web: Store;
let core: Core;
let nowMs: number;

const { config, fromEnv } = parseConfig('', {}, null);
const started = () => {
  const loaded = { config, fromEnv, file: null, dataDir, databaseUrl: null, env: {} };
  const made = withHandEdits(createLiveCore(loaded), worker);
  made.restore(worker, nowMs);
  return made;
};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hand-edits-'));
  nowMs = Date.UTC(2026, 5, 1, 12);
  const where = { dataDir, reserveBytes: 0 };
  migrateStore(where);
  worker = openStore(where);
  web = openStore(where);
  core = started();
});

afterEach(() => {
  worker.close();
  web.close();
  rmSync(dataDir, { recursive: true });
});

function see(o: Observation): void {
  const at = { ...o, atMs: nowMs };
  worker.looks.record([{ observation: at, found: [] }], (one, found) => core.observe(one, found));
  nowMs = Math.max(nowMs, endedAtMs(at));
}

function pass(seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    nowMs += 1_000;
    worker.looks.advance(nowMs, (at) => core.advance(at));
  }
}

function fail(): void {
  for (const why of ['slot', 'confirm', 'confirm'] as const) {
    see(failedLook(503, { provider: 'Alpha' }, { why }));
    pass(3);
    see(goodLook({ target: direct }));
  }
}

function work(seconds: number): void {
  for (let s = 0; s < seconds; s += 10) {
    see(goodLook());
    see(goodLook({ target: direct }));
    pass(10);
  }
}

const stored = () => worker.incidents.list({ limit: 10 });

describe('a person’s change', () => {
  it('is carried by what is decided afterwards: acknowledged, and the corrected cause stays', () => {
    work(60);
    fail();
    const id = stored()[0]?.id ?? '';
    const io = { store: web, nowMs };
    acknowledgeIncident(io, { incidentId: id, by: 'kim' });
    const scope = { kind: 'gateway', id: 'openrouter' } as const;
    correctIncident(io, { incidentId: id, by: 'kim', correction: { scope, title: 'Ours' } });
    fail();
    work(600);
    expect(stored()).toMatchObject([{ id, acknowledgedBy: 'kim', title: 'Ours', scope, status: 'resolved' }]);
    expect(stored()[0]?.timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['opened', 'acknowledged', 'corrected', 'resolved']),
    );
  });

  it('ends an incident for good, until a new failure continues it', () => {
    work(60);
    fail();
    const id = stored()[0]?.id ?? '';
    resolveIncident({ store: web, nowMs }, { incidentId: id, by: 'kim' });
    work(120);
    expect(stored()).toMatchObject([{ id, status: 'resolved' }]);
    expect(worker.events.list({ types: ['incident.resolved'], limit: 10 })).toHaveLength(1);
    fail();
    expect(stored()).toMatchObject([{ id, status: 'open' }]);
  });
});

describe('a restart', () => {
  it('continues the incident that was over a moment ago when its fault comes back', () => {
    work(60);
    fail();
    work(600);
    const [first] = stored();
    expect(first?.status).toBe('resolved');
    core = started();
    fail();
    expect(stored()).toMatchObject([{ id: first?.id, status: 'open', startedAtMs: first?.startedAtMs }]);
  });
});
