import { describe, expect, it } from 'vitest';
import { incident } from '../testing/scene.ts';
import type { CoreEvent, Incident, Scope } from './plan.ts';
import { type Addressee, addressOne } from './routing.ts';
import { readMutes, withMute } from './scope-mute.ts';

const nowMs = 1_000_000;
const hourMs = 3_600_000;
const channel: Addressee = {
  id: 'slack-1',
  origin: 'operator',
  channel: 'slack',
  settings: {},
  scope: [],
  minImpact: null,
  kinds: ['incident'],
  untilIncidentId: null,
  status: 'active',
  isMutedUntilMs: null,
};

function draftFor(scope: Scope, change: { affected?: string[]; receiver?: Partial<Addressee> } = {}) {
  const about: Incident = {
    ...incident('i1', scope, 'major_outage', nowMs, null, 'It is down', 'it failed'),
    affected: change.affected ?? [],
  };
  const event: CoreEvent = {
    ...{ id: 'e1', type: 'incident.opened', atMs: nowMs, scope, impact: 'major_outage', incidentId: 'i1' },
    ...{ targetId: null, isPublic: true, sentence: 'It is down.', reason: '', startedAtMs: nowMs },
    ...{ expiresAtMs: null, data: {} },
  };
  const mutes = [{ scope: 'provider:groq', untilMs: nowMs + hourMs, by: 'admin' }];
  return addressOne(event, { ...channel, ...change.receiver }, { nowMs, incident: () => about, mutes });
}

describe('silence about one thing', () => {
  it('holds what is about it until the silence ends, for a channel that is told everything', () => {
    const draft = draftFor({ kind: 'provider', id: 'groq' });
    expect(draft).toMatchObject({ isSent: true, reason: 'held: muted', nextAtMs: nowMs + hourMs });
  });

  it('holds the routes of a muted provider too', () => {
    expect(draftFor({ kind: 'route', id: 'openrouter/groq/meta-llama/llama' }).nextAtMs).toBe(nowMs + hourMs);
  });

  it('holds nothing else: not another provider, not the gateway that drags it down', () => {
    expect(draftFor({ kind: 'provider', id: 'novita' }).nextAtMs).toBe(nowMs);
    const gateway = draftFor(
      { kind: 'gateway', id: 'openrouter' },
      { affected: ['provider:groq', 'openrouter/groq/meta-llama/llama'] },
    );
    expect(gateway.nextAtMs).toBe(nowMs);
  });

  it('is the owner’s own: subscribers are told', () => {
    const draft = draftFor({ kind: 'provider', id: 'groq' }, { receiver: { origin: 'public' } });
    expect(draft.nextAtMs).toBe(nowMs);
  });
});

describe('the list of silences', () => {
  const mute = { scope: 'provider:groq', untilMs: nowMs + hourMs, by: 'admin' };

  it('holds one end per thing, and forgets what is over', () => {
    const later = { ...mute, untilMs: nowMs + 2 * hourMs };
    expect(withMute([mute], later, nowMs)).toEqual([later]);
    expect(withMute([mute], { ...mute, untilMs: nowMs }, nowMs)).toEqual([]);
    expect(readMutes(JSON.stringify([mute]), nowMs + hourMs)).toEqual([]);
    expect(readMutes(JSON.stringify([mute, 7, { scope: 1 }, null]), nowMs)).toEqual([mute]);
    for (const odd of [null, '', '{', '{}', '"x"']) expect(readMutes(odd, nowMs)).toEqual([]);
  });
});
