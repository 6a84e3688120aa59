import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import type { Incident, Plan } from '../core/plan.ts';
import type { Store } from '../store.ts';
import { anEvent, anIncident } from '../testing/messages.ts';
import { mergeIncident } from './merge-incident.ts';
import { splitIncident } from './split-incident.ts';

let store: Store;
const nowMs = Date.UTC(2026, 10, 20, 13);
const io = () => ({ store, nowMs });
const whole = (): Incident => ({
  ...anIncident(),
  id: 'whole',
  scope: { kind: 'gateway', id: 'openrouter' },
  affected: ['openrouter/groq/m', 'openrouter/alpha/m'],
});
const part = (): Incident => ({
  ...anIncident(),
  id: 'part',
  scope: { kind: 'provider', id: 'groq' },
  title: 'Groq is down',
  affected: ['direct/groq/m'],
});
beforeEach(() => {
  store = openMemoryStore({ nowMs: () => nowMs });
  const settings = { url: 'https://example.org/' };
  store.people.saveReceivers('operator', [
    {
      ...{ id: 'op', origin: 'operator', channel: 'webhook', settings, scope: [], minImpact: null },
      ...{
        kinds: ['incident'],
        untilIncidentId: null,
        status: 'active',
        createdAtMs: 0,
        isMutedUntilMs: null,
      },
    },
  ]);
  store.incidents.add(whole(), [{ ...anEvent(), id: 'e-whole', incidentId: 'whole' }]);
  store.incidents.add(part(), [{ ...anEvent(), id: 'e-part', incidentId: 'part' }]);
});
afterEach(() => store.close());

/** What the machine writes of an incident it has not yet learned was changed. */
function decided(incident: Incident): void {
  const plan: Plan = { components: [], routes: [], incidents: [incident], events: [], guard: null, asks: [] };
  store.looks.advance(nowMs + 1_000, () => plan);
}

describe('two incidents that are one fault', () => {
  it('are told as one: the part ends, the whole names it, and both say who said so', () => {
    const merged = mergeIncident(io(), { incidentId: 'part', intoId: 'whole', by: 'Ada' });
    expect(merged).toMatchObject({ ok: true, incident: { id: 'whole', status: 'open' } });
    expect(store.incidents.get('whole')).toMatchObject({
      absorbed: [{ kind: 'provider', id: 'groq' }],
      affected: ['direct/groq/m', 'openrouter/alpha/m', 'openrouter/groq/m'],
    });
    const ended = store.incidents.get('part')!;
    expect(ended).toMatchObject({ status: 'resolved', mergedInto: 'whole', resolvedAtMs: nowMs });
    expect(ended.timeline.at(-1)).toMatchObject({ kind: 'merged', by: 'Ada' });
    const told = store.events.list({ types: ['incident.changed', 'incident.resolved'], limit: 9 });
    expect(told.map((one) => `${one.type} ${one.incidentId}`).sort()).toEqual([
      'incident.changed whole',
      'incident.resolved part',
    ]);
    expect(told.every((one) => one.id.startsWith('hand:'))).toBe(true);
    expect(store.outbox.log({ receiverId: 'op', limit: 9 }).length).toBeGreaterThan(0);
    const feed = store.events.changesAfter(0, 50);
    expect(feed === 'gone' ? [] : feed.map((one) => one.id)).toEqual(
      expect.arrayContaining(['part', 'whole']),
    );
  });

  it('stay so whatever the machine decides that has not heard of it', () => {
    mergeIncident(io(), { incidentId: 'part', intoId: 'whole', by: 'Ada' });
    decided({ ...part(), reason: '10 of 40 checks failed' });
    decided({ ...whole(), reason: '12 of 40 checks failed' });
    expect(store.incidents.get('part')).toMatchObject({ status: 'resolved', mergedInto: 'whole' });
    expect(store.incidents.get('whole')?.absorbed).toHaveLength(1);
    expect(store.incidents.get('whole')?.reason).toBe('12 of 40 checks failed');
  });

  it('are not merged into themselves, in rings, into what is over, or into what nobody may see', () => {
    const merge = (incidentId: string, intoId: string) =>
      mergeIncident(io(), { incidentId, intoId, by: 'Ada' });
    expect(merge('part', 'part')).toMatchObject({ ok: false, code: 'same' });
    expect(merge('part', 'none')).toMatchObject({ ok: false, code: 'unknown_incident' });
    expect(merge('part', 'whole')).toMatchObject({ ok: true });
    expect(merge('whole', 'part')).toMatchObject({ ok: false, code: 'merged' });
    expect(merge('part', 'whole')).toMatchObject({ ok: false, code: 'merged' });
    store.incidents.add({ ...whole(), id: 'over', status: 'resolved', resolvedAtMs: nowMs }, []);
    expect(merge('whole', 'over')).toMatchObject({ ok: false, code: 'over' });
    store.incidents.add({ ...whole(), id: 'private', isPublic: false }, []);
    expect(merge('whole', 'private')).toMatchObject({ ok: false, code: 'visibility' });
  });
});

describe('a part that is a fault of its own', () => {
  const scope = { kind: 'provider', id: 'groq' } as const;

  it('becomes an incident, and the first one no longer speaks for it', () => {
    const done = splitIncident(io(), { incidentId: 'whole', by: 'Ada', part: { scope } });
    expect(done.part).toMatchObject({
      scope,
      splitFrom: 'whole',
      title: 'Groq fails in part',
      affected: ['openrouter/groq/m'],
      pinned: ['scope'],
      status: 'open',
    });
    expect(store.incidents.get(done.part!.id)).toEqual(done.part);
    expect(store.incidents.get('whole')).toMatchObject({
      released: [scope],
      affected: ['openrouter/alpha/m'],
      pinned: ['scope'],
    });
    decided({ ...whole(), reason: 'news' });
    expect(store.incidents.get('whole')?.released).toEqual([scope]);
  });

  it('is not split off twice, not when it is all there is, and not from what is over', () => {
    const split = (incidentId: string, of: Incident['scope']) =>
      splitIncident(io(), { incidentId, by: 'Ada', part: { scope: of } });
    expect(split('whole', whole().scope)).toMatchObject({ ok: false, code: 'same' });
    expect(split('whole', scope)).toMatchObject({ ok: true });
    expect(split('whole', scope)).toMatchObject({ ok: false, code: 'split' });
    expect(split('none', scope)).toMatchObject({ ok: false, code: 'unknown_incident' });
    mergeIncident(io(), { incidentId: 'part', intoId: 'whole', by: 'Ada' });
    expect(split('part', { kind: 'route', id: 'direct/groq/m' })).toMatchObject({ ok: false, code: 'over' });
  });
});
