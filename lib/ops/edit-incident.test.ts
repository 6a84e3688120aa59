import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { createSealer } from '../seal.ts';
import type { Receiver, Store } from '../store.ts';
import { anEvent, anIncident } from '../testing/messages.ts';
import { acknowledgeByLink, acknowledgeIncident } from './acknowledge-incident.ts';
import { annotateIncident } from './annotate-incident.ts';
import { correctIncident } from './correct-incident.ts';
import { acknowledgeLink } from './links.ts';
import { lookNow } from './look-now.ts';
import { mute } from './mute.ts';
import { resolveIncident } from './resolve-incident.ts';
import { sendTest } from './send-test.ts';

const sealer = createSealer(Buffer.alloc(32, 4));
const dayMs = 86_400_000;
let store: Store;
let nowMs = 0;
const io = () => ({ store, sealer, nowMs });
const receiver = (id: string, settings: Record<string, unknown> = {}): Receiver => ({
  id,
  origin: 'operator',
  channel: 'webhook',
  settings,
  scope: [],
  minImpact: null,
  kinds: ['incident'],
  untilIncidentId: null,
  status: 'active',
  createdAtMs: 0,
  isMutedUntilMs: null,
});
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 20, 13);
  store = openMemoryStore({ nowMs: () => nowMs });
  store.people.saveReceivers('operator', [
    receiver('op_a', { name: 'ops' }),
    receiver('op_pager', { isPager: true }),
  ]);
  const draft = (receiverId: string) => ({
    id: `d_${receiverId}`,
    eventId: 'e1',
    receiverId,
    channel: 'webhook',
    incidentId: 'i1',
    isSent: true,
    reason: '',
    onlyIfTold: false,
    nextAtMs: nowMs,
    notAfterMs: null,
  });
  store.incidents.add(anIncident(), [anEvent()], [draft('op_a'), draft('op_pager')]);
});
afterEach(() => store.close());
const events = () => store.events.list({ types: ['incident.changed', 'incident.resolved'], limit: 50 });
const queued = (id: string) =>
  store.outbox.log({ receiverId: id, limit: 50 }).filter((line) => line.what === 'queued').length;

describe('acknowledging', () => {
  it('names who is looking, once, and stops a pager without telling anybody else', () => {
    expect(acknowledgeIncident(io(), { incidentId: 'i1', by: 'ana' })).toMatchObject({
      ok: true,
      incident: { acknowledgedBy: 'ana' },
    });
    expect(acknowledgeIncident(io(), { incidentId: 'i1', by: 'ben' })).toMatchObject({
      ok: true,
      incident: { acknowledgedBy: 'ana' },
    });
    expect(events()).toHaveLength(1);
    expect([queued('op_a'), queued('op_pager')]).toEqual([1, 2]);
    expect(store.incidents.get('i1')?.timeline.at(-1)).toMatchObject({ kind: 'acknowledged', by: 'ana' });
  });

  it('works through the link in a message for a week, and through no other', () => {
    const link = acknowledgeLink(
      sealer,
      'https://s.example/',
      { incidentId: 'i1', receiverId: 'op_a' },
      nowMs,
    );
    const token = link.url.split('/').at(-1) ?? '';
    expect(link.url).toBe(`https://s.example/acknowledge/${token}`);
    expect(acknowledgeByLink(io(), `${token}x`)).toMatchObject({ ok: false, code: 'invalid_link' });
    expect(acknowledgeByLink(io(), sealer.signToken('manage', 'i1\nop_a', null)).ok).toBe(false);
    expect(acknowledgeByLink(io(), token)).toMatchObject({
      ok: true,
      incident: { acknowledgedBy: 'somebody at ops' },
    });
    nowMs += 7 * dayMs + 1_000;
    expect(acknowledgeByLink(io(), token)).toMatchObject({ ok: false });
  });

  it('of what does not exist is refused', () => {
    expect(acknowledgeIncident(io(), { incidentId: 'nope', by: 'ana' })).toMatchObject({
      ok: false,
      code: 'unknown_incident',
    });
  });
});

describe('writing in an incident', () => {
  it('adds a note that whoever follows is told of', () => {
    expect(
      annotateIncident(io(), { incidentId: 'i1', by: 'ana', text: 'They know.\r\nFix under way.' }).ok,
    ).toBe(true);
    expect(events()[0]).toMatchObject({
      sentence: 'They know. Fix under way.',
      data: { what: 'note', by: 'ana' },
    });
    expect(queued('op_a')).toBe(2);
    expect(annotateIncident(io(), { incidentId: 'i1', by: 'ana', text: ' \u202e ' })).toMatchObject({
      code: 'empty',
    });
  });

  it('can be kept to the page', () => {
    annotateIncident(io(), { incidentId: 'i1', by: 'ana', text: 'For the record.', isTold: false });
    expect(queued('op_a')).toBe(1);
    expect(store.incidents.get('i1')?.timeline.at(-1)?.text).toBe('For the record.');
  });

  it('corrects what the machine said, and no later decision undoes it', () => {
    const correction = { title: 'Known\nwork', impact: 'degraded' as const };
    expect(correctIncident(io(), { incidentId: 'i1', by: 'ana', correction })).toMatchObject({
      incident: { title: 'Known work', impact: 'degraded', pinned: ['title', 'impact'] },
    });
    expect(
      correctIncident(io(), { incidentId: 'i1', by: 'ana', correction: { isPublic: false } }),
    ).toMatchObject({ incident: { isPublic: false } });
    expect(correctIncident(io(), { incidentId: 'i1', by: 'ana', correction: {} })).toMatchObject({
      code: 'empty',
    });
  });

  it('ends it once, and tells those who were told of its beginning', () => {
    expect(resolveIncident(io(), { incidentId: 'i1', by: 'ana' })).toMatchObject({
      incident: { status: 'resolved', resolvedAtMs: nowMs },
    });
    resolveIncident(io(), { incidentId: 'i1', by: 'ben' });
    expect(events().map((event) => event.type)).toEqual(['incident.resolved']);
    expect(queued('op_a')).toBe(2);
  });
});

describe('asking the worker', () => {
  it('puts the wish down for it', () => {
    expect(lookNow(io(), { targetKeys: ['completion|a'], by: 'ana' }).ok).toBe(true);
    expect(sendTest(io(), { receiverId: 'op_a', by: 'ana' }).ok).toBe(true);
    expect(store.people.claimIntents(9, nowMs).map(({ kind, body, by }) => [kind, body, by])).toEqual([
      ['look_now', { targetKeys: ['completion|a'] }, 'ana'],
      ['test_message', { receiverId: 'op_a' }, 'ana'],
    ]);
  });

  it('refuses what cannot be meant', () => {
    expect(lookNow(io(), { targetKeys: [], by: 'ana' })).toMatchObject({ code: 'bad_targets' });
    expect(sendTest(io(), { receiverId: 'nope', by: 'ana' })).toMatchObject({ code: 'unknown_receiver' });
    expect(mute(io(), { receiverId: 'nope', untilMs: 1 })).toMatchObject({ code: 'unknown_receiver' });
  });

  it('mutes a channel until then, and lifts it', () => {
    expect(mute(io(), { receiverId: 'op_a', untilMs: nowMs + dayMs }).ok).toBe(true);
    expect(store.people.receiver('op_a')?.isMutedUntilMs).toBe(nowMs + dayMs);
    mute(io(), { receiverId: 'op_a', untilMs: null });
    expect(store.people.receiver('op_a')?.isMutedUntilMs).toBeNull();
  });
});
