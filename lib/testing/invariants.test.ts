import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { event, haikuKey, incident, monday, recordMinutes, watched } from '#db/contract/samples.contract.ts';
import { migrateStore, openMemoryStore, openStore } from '#db/open.ts';
import type { Store } from '../store.ts';
import { type InvariantOptions, invariants, lookId } from './invariants.ts';

let store: Store;
beforeEach(() => {
  store = openMemoryStore({ nowMs: () => monday + 3_600_000 });
  store.looks.saveFleet([watched()], monday);
  recordMinutes(store, monday, 30, (minute) => (minute % 7 === 0 ? 'http_5xx' : 'ok'));
});
afterEach(() => store.close());

const check = (more: Partial<InvariantOptions> = {}) =>
  invariants(store, { nowMs: monday + 3_600_000, ...more });
const caps = {
  usdPerDay: 1,
  usdPerMonth: 30,
  requestsPerDay: 100,
  perGateway: {},
  reserveShare: 0,
};

describe('what must hold after a fault', () => {
  it('holds where nothing happened', () => {
    const looks = store.looks.last(haikuKey, 100);
    expect(check({ acknowledged: looks.map((look) => lookId(look.observation)), caps })).toEqual([]);
  });

  it('names a look that was acknowledged and is gone', () => {
    expect(check({ acknowledged: ['local|completion|x'] })).toEqual([
      'the acknowledged look local|completion|x is lost',
    ]);
  });

  it('names an event that an operator channel was told nothing of', () => {
    store.people.saveReceivers('operator', [
      {
        id: 'op_a',
        origin: 'operator',
        channel: 'webhook',
        settings: {},
        scope: [],
        minImpact: null,
        kinds: ['incident'],
        untilIncidentId: null,
        status: 'active',
        createdAtMs: 0,
        isMutedUntilMs: null,
      },
    ]);
    store.incidents.add(incident(), [event('e1', { type: 'incident.opened' })]);
    expect(check()).toEqual(['the event e1 says nothing of op_a']);
  });

  it('names a second open incident of one culprit, and one that ends before it begins', () => {
    store.incidents.add(incident({ id: 'i1' }), []);
    store.incidents.add(incident({ id: 'i2' }), []);
    expect(check()).toEqual([expect.stringContaining('has 2 open incidents')]);
    store.incidents.add(
      incident({ id: 'i3', scope: { kind: 'model', id: 'm' }, status: 'resolved', resolvedAtMs: 1 }),
      [],
    );
    expect(check()).toContainEqual(expect.stringContaining('ends before it begins'));
  });

  it('names what was decided while we were blind', () => {
    const blind = { scope: { kind: 'prober' as const, id: 'local' }, isPublic: false, openedAtMs: monday };
    store.incidents.add(incident({ id: 'i1', ...blind }), []);
    const at = { atMs: monday + 5_000, isPublic: true };
    store.incidents.add(incident({ id: 'i2' }), [event('e1', { type: 'incident.opened', ...at })]);
    expect(check()).toEqual(['incident.opened e1 was decided while we were blind']);
  });

  it('names a ledger above its cap', () => {
    store.ledger.reserve(
      { id: 'l', atMs: monday, gateway: 'g', usd: 0.9, requests: 9, purpose: 'calm' },
      { ...caps },
    );
    expect(check({ caps: { usdPerDay: 0.5, requestsPerDay: 8 } })).toHaveLength(2);
    expect(check({ caps })).toEqual([]);
  });

  it('names what is published past its expiry', () => {
    const published = { valid_until: new Date(monday).toISOString(), targets: [{ id: 'a', state: 'up' }] };
    expect(check({ published })).toEqual(['a is still up after its expiry']);
    expect(check({ published: {} })).toEqual(['what is published has no expiry']);
  });

  it('names a damaged file', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'invariants-'));
    migrateStore({ dataDir });
    const own = openStore({ dataDir });
    recordMinutes(own, monday, 2_000);
    own.close();
    const file = join(dataDir, 'signalbox.db');
    expect(check({ file })).toEqual([]);
    const handle = openSync(file, 'r+');
    for (let page = 20; page < 60; page++)
      writeSync(handle, Buffer.alloc(4_096, 0xee), 0, 4_096, page * 4_096);
    closeSync(handle);
    let said: string[];
    try {
      said = check({ file });
    } catch (error) {
      said = [String(error)];
    }
    expect(said).toHaveLength(1);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
