import { describe, expect, it } from 'vitest';
import type { CoreEvent, Incident } from './plan.ts';
import { everyPublicReceiver } from './plan.ts';
import { type Addressee, addressEvents, addressOne } from './routing.ts';
import { urgencyOf } from './routing-match.ts';

const nowMs = Date.UTC(2026, 10, 20, 12, 0);

function anIncident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    scope: { kind: 'provider', id: 'deepinfra' },
    impact: 'partial_outage',
    status: 'open',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs: nowMs - 60_000,
    openedAtMs: nowMs,
    resolvedAtMs: null,
    title: 'deepinfra fails',
    reason: '9 of 10 checks failed',
    evidence: {
      failed: 9,
      total: 10,
      providers: 1,
      windowMs: 90_000,
      byClass: {},
      sample: null,
      working: [],
      witnesses: [],
      candidates: [],
    },
    timeline: [],
    affected: ['openrouter/deepinfra/meta-llama/llama-3.3-70b-instruct', 'chain:chat'],
    acknowledgedBy: null,
    pinned: [],
    ...change,
  };
}

function anEvent(change: Partial<CoreEvent> = {}): CoreEvent {
  return {
    id: 'e1',
    type: 'incident.opened',
    atMs: nowMs,
    scope: { kind: 'provider', id: 'deepinfra' },
    impact: 'partial_outage',
    incidentId: 'i1',
    targetId: null,
    isPublic: true,
    sentence: 'DeepInfra is failing.',
    reason: '9 of 10',
    startedAtMs: nowMs - 60_000,
    expiresAtMs: null,
    data: {},
    ...change,
  };
}

function aReceiver(change: Partial<Addressee> = {}): Addressee {
  return {
    id: 'op_slack',
    origin: 'operator',
    channel: 'slack',
    settings: {},
    scope: [],
    minImpact: null,
    kinds: ['incident', 'account'],
    untilIncidentId: null,
    status: 'active',
    isMutedUntilMs: null,
    ...change,
  };
}

const context = { nowMs, incident: () => anIncident() };
const one = (event: Partial<CoreEvent>, receiver: Partial<Addressee>, incident: Partial<Incident> = {}) =>
  addressOne(anEvent(event), aReceiver(receiver), { nowMs, incident: () => anIncident(incident) });

describe('who is told', () => {
  it('tells each operator channel by itself and all subscriptions through one draft', () => {
    const drafts = addressEvents(
      [anEvent()],
      [aReceiver(), aReceiver({ id: 'op_mail', channel: 'email' })],
      context,
    );
    expect(drafts.map((d) => [d.receiverId, d.isSent])).toEqual([
      ['op_slack', true],
      ['op_mail', true],
      [everyPublicReceiver, true],
    ]);
    expect(new Set(drafts.map((d) => d.id)).size).toBe(3);
  });

  it('keeps what is the owner’s own from the public, and says so', () => {
    const drafts = addressEvents(
      [anEvent({ type: 'account.warning', isPublic: false })],
      [aReceiver()],
      context,
    );
    expect(drafts.map((d) => [d.receiverId, d.isSent])).toEqual([
      ['op_slack', true],
      [everyPublicReceiver, false],
    ]);
    expect(drafts[1]?.reason).toMatch(/not public/);
    expect(one({ isPublic: false }, { origin: 'public' }).isSent).toBe(false);
  });

  it.each([
    [['provider:deepinfra'], true],
    [['model:meta-llama/llama-3.3-70b-instruct'], true],
    [['chain:chat'], true],
    [['route:openrouter/deepinfra/meta-llama/llama-3.3-70b-instruct'], true],
    [['gateway:openrouter'], false],
    [['provider:anthropic'], false],
    [['provider:anthropic', 'chain:chat'], true],
    [[], true],
  ])('a scope of %j is told: %s', (scope, isSent) => expect(one({}, { scope }).isSent).toBe(isSent));

  it('tells of planned work to whoever follows any part of it', () => {
    const work = { type: 'maintenance.scheduled' as const, incidentId: null, scope: null, impact: null };
    const scope = ['provider:groq', 'provider:deepinfra'];
    const kinds = ['maintenance'];
    expect(one({ ...work, data: { scope } }, { kinds, scope: ['provider:deepinfra'] }).isSent).toBe(true);
    expect(one({ ...work, data: { scope } }, { kinds, scope: ['provider:openai'] }).isSent).toBe(false);
  });

  it('tells a gateway’s followers of a provider that fails only through it', () => {
    const incident = { scope: { kind: 'provider' as const, id: 'deepinfra', via: 'openrouter' } };
    expect(one({}, { scope: ['gateway:openrouter'] }, incident).isSent).toBe(true);
  });

  it('tells every channel when our own connection is down, whatever its scope', () => {
    const scope = { kind: 'prober' as const, id: 'local' };
    expect(one({ scope, isPublic: false }, { scope: ['model:x/y'] }, { scope }).isSent).toBe(true);
  });

  it('gives the reason for each decision not to send', () => {
    expect(one({}, { minImpact: 'major_outage' }).reason).toBe(
      'partial_outage is below its smallest impact, major_outage',
    );
    expect(one({}, { kinds: ['catalog'] }).reason).toBe('did not ask for incident messages');
    expect(one({}, { status: 'disabled' }).reason).toBe('the receiver is disabled');
    expect(one({}, { scope: ['model:x/y'] }).reason).toBe('outside its scope (model:x/y)');
  });

  it('sends a recovery to those told of the fall, even if it shrank or moved out of their scope', () => {
    const resolved = one(
      { type: 'incident.resolved', impact: 'degraded' },
      { minImpact: 'major_outage', scope: ['model:x/y'] },
    );
    expect([resolved.isSent, resolved.onlyIfTold]).toEqual([true, true]);
    const better = one({ type: 'incident.changed', impact: 'degraded' }, { minImpact: 'partial_outage' });
    expect([better.isSent, better.onlyIfTold]).toEqual([true, true]);
    const worse = one({ type: 'incident.changed', impact: 'major_outage' }, { minImpact: 'partial_outage' });
    expect([worse.isSent, worse.onlyIfTold]).toEqual([true, false]);
  });

  it('tells flapping at its start and its end only', () => {
    expect(one({ type: 'incident.changed' }, {}, { isUnstable: true }).isSent).toBe(false);
    expect(
      one({ type: 'incident.changed', data: { what: 'unstable' } }, {}, { isUnstable: true }).isSent,
    ).toBe(true);
    expect(one({ type: 'incident.changed', data: { what: 'steady' } }, {}).isSent).toBe(true);
    expect(one({ type: 'incident.resolved' }, {}, { isUnstable: true }).isSent).toBe(true);
  });

  it('tells pagers alone that somebody is looking, and only those that rang', () => {
    const seen = { type: 'incident.changed' as const, data: { what: 'acknowledged', by: 'ana' } };
    expect(one(seen, {}).isSent).toBe(false);
    expect(one(seen, { settings: { isPager: true }, minImpact: 'major_outage' })).toMatchObject({
      isSent: true,
      onlyIfTold: true,
    });
  });

  it('tells whoever asked only for the end exactly that', () => {
    const until = { untilIncidentId: 'i1', origin: 'public' as const };
    expect(one({}, until).isSent).toBe(false);
    expect(one({ type: 'incident.resolved' }, until)).toMatchObject({ isSent: true, onlyIfTold: false });
    expect(one({ type: 'incident.resolved', incidentId: 'i2' }, until).isSent).toBe(false);
  });

  it('pages incident channels for a chain on its last step, not for one with steps to spare', () => {
    const chain = {
      type: 'chain.changed' as const,
      scope: { kind: 'chain' as const, id: 'chat' },
      incidentId: null,
      impact: null,
    };
    expect(one({ ...chain, data: { usable: 1 } }, {}).isSent).toBe(true);
    expect(one({ ...chain, data: { usable: 0 } }, {}).isSent).toBe(true);
    expect(one({ ...chain, data: { usable: 2 } }, {}).isSent).toBe(false);
    expect(one({ ...chain, data: { usable: 2, usableBefore: 1 } }, {}).isSent).toBe(true);
  });

  it('sends what names its receivers to nobody else', () => {
    const test = anEvent({
      type: 'endpoint.test',
      isPublic: false,
      incidentId: null,
      data: { receivers: ['op_mail'] },
    });
    const drafts = addressEvents(
      [test],
      [aReceiver(), aReceiver({ id: 'op_mail', status: 'active' })],
      context,
    );
    expect(drafts.map((d) => d.receiverId)).toEqual(['op_mail']);
    const ours = { ...test, data: { receivers: ['pub_1'] } };
    const subscriber = aReceiver({ id: 'pub_1', origin: 'public', channel: 'webhook' });
    expect(addressEvents([ours], [aReceiver(), subscriber], context)).toMatchObject([
      { receiverId: 'pub_1', channel: 'webhook', isSent: true },
    ]);
  });
});

describe('when it is told', () => {
  it('holds what falls into a silence until the silence ends, and drops nothing', () => {
    const muted = one({}, { isMutedUntilMs: nowMs + 3_600_000 });
    expect(muted).toMatchObject({ isSent: true, nextAtMs: nowMs + 3_600_000, reason: 'held: muted' });
    expect(muted.notAfterMs).toBeGreaterThan(muted.nextAtMs);
  });

  it('respects quiet hours, but pages through them', () => {
    const rules = { quiet: { fromMinute: 660, toMinute: 780, timeZone: 'UTC' } };
    expect(one({}, { settings: { rules } }).nextAtMs).toBe(Date.UTC(2026, 10, 20, 13, 0));
    expect(one({ impact: 'major_outage' }, { settings: { rules } }).nextAtMs).toBe(nowMs);
  });

  it('pages for a chain on its last step, not for a single route that is down', () => {
    const rules = { quiet: { fromMinute: 660, toMinute: 780, timeZone: 'UTC' } };
    const at = (event: Partial<CoreEvent>) =>
      one(event, { settings: { rules }, minImpact: 'partial_outage' });
    const route = { kind: 'route' as const, id: 'openrouter/deepinfra/m' };
    expect(at({ impact: 'major_outage', scope: route }).nextAtMs).toBe(Date.UTC(2026, 10, 20, 13, 0));
    const chain = {
      type: 'chain.changed' as const,
      incidentId: null,
      scope: { kind: 'chain' as const, id: 'chat' },
    };
    const last = at({ ...chain, impact: 'degraded', data: { usable: 1 } });
    expect([last.isSent, last.nextAtMs]).toEqual([true, nowMs]);
    const second = at({ ...chain, impact: 'degraded', data: { usable: 2 } });
    expect(second.isSent).toBe(false);
    expect([
      urgencyOf(anEvent({ ...chain, impact: 'degraded', data: { usable: 1 } })),
      urgencyOf(anEvent({ ...chain, impact: 'major_outage', data: { usable: 0 } })),
      urgencyOf(anEvent({ impact: 'major_outage', scope: route })),
      urgencyOf(anEvent({ impact: 'major_outage' })),
      urgencyOf(anEvent({ impact: 'degraded' })),
      urgencyOf(anEvent({ type: 'notice', impact: null })),
    ]).toEqual(['page', 'page', 'ticket', 'page', 'ticket', 'note']);
  });

  it('tells whoever follows a chain of what hits any of its steps', () => {
    const receiver = aReceiver({ scope: ['chain:support'] });
    const incident = anIncident({ affected: ['openrouter/deepinfra/m/x', 'openrouter/groq/m/x'] });
    const at = (chains: Record<string, string[]>) =>
      addressOne(anEvent(), receiver, { nowMs, incident: () => incident, chains }).isSent;
    expect(at({ support: ['direct/openai/m/y', 'openrouter/groq/m/x'] })).toBe(true);
    expect(at({ support: ['direct/openai/m/y'], chat: ['openrouter/groq/m/x'] })).toBe(false);
    expect(at({})).toBe(false);
  });

  it('escalates only after its time', () => {
    expect(one({}, { settings: { rules: { escalateAfterMs: 900_000 } } }).nextAtMs).toBe(nowMs + 900_000);
  });

  it('keeps a digest for its hour', () => {
    expect(one({}, { settings: { rules: { digest: 'daily' } } }).nextAtMs).toBe(Date.UTC(2026, 10, 21, 8));
    expect(one({}, { settings: { rules: { digest: 'weekly' } } }).nextAtMs).toBe(Date.UTC(2026, 10, 23, 8));
  });

  it('ends circuit news at the event’s own expiry', () => {
    const draft = one({ type: 'circuit.opened', expiresAtMs: nowMs + 600_000 }, { kinds: ['circuit'] });
    expect(draft.notAfterMs).toBe(nowMs + 600_000);
  });
});
