import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { addressEvents } from '../core/routing.ts';
import { createSealer } from '../seal.ts';
import type { Store } from '../store.ts';
import { anEvent, anIncident } from '../testing/messages.ts';
import { carryOutSubscription } from './carry-out-subscription.ts';
import { confirmSubscription, peekConfirmation } from './confirm-subscription.ts';
import { manageLink, unsubscribeLink } from './links.ts';
import { changeSubscription, readSubscription } from './manage-subscription.ts';
import { mailAnswer, subscribe } from './subscribe.ts';
import { createSubscribeLimits, type SubscribeLimits } from './subscribe-limits.ts';
import { sweepSubscriptions } from './sweep-subscriptions.ts';
import { peekUnsubscribe, unsubscribe } from './unsubscribe.ts';

const sealer = createSealer(Buffer.alloc(32, 4));
const baseUrl = 'https://status.example.com';
const dayMs = 86_400_000;
let store: Store;
let nowMs = 0;
let limits: SubscribeLimits;
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 20, 12);
  store = openMemoryStore({ nowMs: () => nowMs });
  limits = createSubscribeLimits();
});
afterEach(() => store.close());

const io = () => ({ store, sealer, nowMs, baseUrl, hasMail: true, limits });
let asked = 0;
/** From a network of its own, so that only what is meant to limit does. */
function ask(raw: Record<string, unknown>) {
  asked += 1;
  const answer = subscribe(
    { ...io(), limits: createSubscribeLimits() },
    { raw, address: `10.${asked % 250}.1.1` },
  );
  return {
    answer,
    did: store.people.claimIntents(10, nowMs).map((intent) => carryOutSubscription(io(), intent)),
  };
}
/** The token as it would stand in the mail: out of the sealed event. */
function tokenInMail(): string {
  const [event] = store.events.list({ types: ['subscription.mail'], limit: 1 });
  const [receiverId = ''] = (event?.data.receivers ?? []) as string[];
  return sealer.open(String(event?.data.confirm), receiverId) ?? '';
}
const receivers = () => store.people.receivers();
const tokenOf = (link: { url: string }) => link.url.split('/').at(-1) ?? '';

describe('subscribing by mail', () => {
  it('U14: begins with a yes behind a link, and looking at the link is not a yes', () => {
    const { answer, did } = ask({
      to: 'Ana@Example.org',
      scope: ['model:openai/gpt-5-mini'],
      min_impact: 'partial_outage',
    });
    expect([answer, did]).toEqual([{ ok: true, text: mailAnswer, webhook: null }, ['asked']]);
    expect(receivers()).toMatchObject([
      {
        status: 'pending',
        channel: 'email',
        scope: ['model:openai/gpt-5-mini'],
        minImpact: 'partial_outage',
      },
    ]);
    const token = tokenInMail();
    for (let i = 0; i < 3; i++)
      expect(peekConfirmation(io(), token)).toMatchObject({
        ok: true,
        subscription: { about: 'A…@example.org' },
      });
    expect(receivers()[0]?.status).toBe('pending');
    expect(confirmSubscription(io(), token)).toMatchObject({
      ok: true,
      manageUrl: expect.stringContaining('/subscriptions/manage/'),
    });
    expect(receivers()[0]?.status).toBe('active');
    expect(confirmSubscription(io(), token)).toMatchObject({ ok: false, code: 'invalid_link' });
  });

  it('keeps the address nowhere in the open', () => {
    ask({ to: 'secret.person@example.org' });
    const all = JSON.stringify([
      receivers(),
      store.events.list({ limit: 50 }),
      store.outbox.log({ limit: 50 }),
    ]);
    expect(all).not.toContain('secret.person');
  });

  it('answers the same for an address that is new, waiting, subscribed or suppressed, and does its work elsewhere', () => {
    const first = ask({ to: 'ana@example.org' }).answer;
    confirmSubscription(io(), tokenInMail());
    nowMs += dayMs;
    const again = ask({ to: 'ana@example.org' });
    expect(again).toEqual({ answer: first, did: ['told_again'] });
    expect(store.events.list({ types: ['subscription.mail'], limit: 1 })[0]?.data.confirm).toBeUndefined();
    const trapped = subscribe(io(), {
      raw: { to: 'bot@example.org' },
      address: '10.99.1.1',
      trap: 'http://spam',
    });
    expect(trapped).toEqual(first);
    expect(store.people.claimIntents(10, nowMs)).toEqual([]);
  });

  it('writes to the same mailbox once a day and three times ever, however often it is asked for', () => {
    let mails = 0;
    for (let i = 0; i < 1_000; i++) {
      if (i % 100 === 0) nowMs += dayMs;
      mails += ask({ to: i % 2 ? 'ana@example.org' : `ANA+${i}@example.org` }).did.filter(
        (one) => one !== 'silent',
      ).length;
    }
    expect(mails).toBe(3);
    expect(receivers()).toHaveLength(1);
  });

  it('voids the older link when a newer one is sent, and both after a day', () => {
    ask({ to: 'ana@example.org' });
    const older = tokenInMail();
    nowMs += dayMs - 1;
    expect(peekConfirmation(io(), older).ok).toBe(true);
    nowMs += 1;
    ask({ to: 'ana@example.org' });
    const newer = tokenInMail();
    expect(peekConfirmation(io(), older).ok).toBe(false);
    expect(peekConfirmation(io(), newer).ok).toBe(true);
    nowMs += dayMs;
    expect(confirmSubscription(io(), newer).ok).toBe(false);
  });

  it.each(['', 'x', 'A'.repeat(43), '../../etc', 'a.b.c', '%00', "' or 1=1 --"])(
    'learns nothing from the guess %j',
    (guess) => {
      ask({ to: 'ana@example.org' });
      for (const attempt of [
        () => confirmSubscription(io(), guess),
        () => peekConfirmation(io(), guess),
        () => unsubscribe(io(), guess),
        () => readSubscription(io(), guess),
      ])
        expect(attempt()).toMatchObject({ ok: false, code: 'invalid_link' });
      expect(receivers()).toHaveLength(1);
    },
  );

  it('is refused where no mail server is set up', () => {
    expect(
      subscribe({ ...io(), hasMail: false }, { raw: { to: 'a@b.example' }, address: '1.2.3.4' }),
    ).toMatchObject({ ok: false, code: 'no_mail' });
  });

  it('forgets within a week who never said yes', () => {
    ask({ to: 'ana@example.org' });
    nowMs += 7 * dayMs;
    expect(sweepSubscriptions(io())).toBe(0);
    nowMs += 1;
    expect(sweepSubscriptions(io())).toBe(1);
    expect(receivers()).toEqual([]);
  });
});

describe('ending it', () => {
  function subscribed(raw: Record<string, unknown> = {}): string {
    ask({ to: 'ana@example.org', ...raw });
    confirmSubscription(io(), tokenInMail());
    return receivers()[0]?.id ?? '';
  }

  it('takes one POST, at any time, as often as one likes, and a look at the page ends nothing', () => {
    const token = tokenOf(unsubscribeLink(sealer, baseUrl, subscribed()));
    nowMs += 900 * dayMs;
    expect(peekUnsubscribe(io(), token)).toEqual({ ok: true, about: 'a…@example.org' });
    expect(receivers()).toHaveLength(1);
    for (let i = 0; i < 3; i++) expect(unsubscribe(io(), token)).toEqual({ ok: true });
    expect(receivers()).toEqual([]);
    expect(peekUnsubscribe(io(), token)).toEqual({ ok: true, about: null });
  });

  it('cannot be done with a link made for something else, nor to an operator’s channel', () => {
    const id = subscribed();
    expect(unsubscribe(io(), tokenOf(manageLink(sealer, baseUrl, id))).ok).toBe(false);
    expect(unsubscribe(io(), sealer.signToken('unsubscribe', 'op_slack_x', null)).ok).toBe(false);
    expect(readSubscription(io(), tokenOf(unsubscribeLink(sealer, baseUrl, id))).ok).toBe(false);
  });

  it('changes what, how bad and how often without an account, and never where to', () => {
    const token = tokenOf(manageLink(sealer, baseUrl, subscribed()));
    expect(
      changeSubscription(io(), token, {
        scope: 'provider:groq, model:a/b',
        kinds: ['catalog'],
        digest: 'weekly',
      }),
    ).toMatchObject({
      ok: true,
      subscription: { scope: ['provider:groq', 'model:a/b'], kinds: ['catalog'], digest: 'weekly' },
    });
    expect(readSubscription(io(), token)).toMatchObject({ ok: true, subscription: { digest: 'weekly' } });
    expect(changeSubscription(io(), token, { digest: '' })).toMatchObject({ subscription: { digest: null } });
    expect(changeSubscription(io(), token, { to: 'eve@example.org' })).toMatchObject({
      ok: false,
      problems: [{ path: 'to' }],
    });
    expect(changeSubscription(io(), token, { scope: ['account:openrouter'] })).toMatchObject({
      ok: false,
      problems: [{ path: 'scope' }],
    });
  });

  it('happens by itself for whoever asked only until something is over', () => {
    const incident = anIncident();
    store.incidents.add(incident, [], []);
    subscribed({ until_incident: 'i1' });
    const opened = addressEvents([anEvent({ id: 'e9' })], [], { nowMs, incident: () => incident });
    store.events.add([anEvent({ id: 'e9' })], opened);
    store.outbox.expand({ nowMs, limit: 200 });
    expect(store.outbox.log({ receiverId: receivers()[0]?.id ?? '', limit: 1 })[0]?.text).toMatch(
      /only to hear when it is over/,
    );
    nowMs += 8 * dayMs;
    store.incidents.edit('i1', (one) => ({
      incident: { ...one, status: 'resolved', resolvedAtMs: nowMs - 8 * dayMs },
      events: [],
    }));
    expect(sweepSubscriptions(io())).toBe(1);
  });
});

describe('subscribing a webhook', () => {
  it('gives its secret once, and waits for the challenge', () => {
    const { answer } = ask({ channel: 'webhook', url: 'https://hooks.example.org/x' });
    if (!answer.ok || !answer.webhook) throw new Error('no webhook');
    expect(answer.webhook.secret).toMatch(/^whsec_/);
    expect(receivers()).toMatchObject([{ id: answer.webhook.id, status: 'pending', channel: 'webhook' }]);
    expect(store.events.list({ types: ['subscription.mail'], limit: 1 })[0]?.data.challenge).toMatch(
      /^[A-Za-z0-9_-]{43}$/,
    );
    expect(JSON.stringify(receivers())).not.toContain('hooks.example.org/x');
  });

  it('is asked five times a day at one address, however often and from wherever somebody asks', () => {
    const did = Array.from(
      { length: 1_000 },
      () => ask({ channel: 'webhook', url: 'https://victim.example/x' }).did,
    );
    expect(did.flat().filter((one) => one === 'asked')).toHaveLength(5);
    expect(receivers()).toHaveLength(5);
    expect(ask({ channel: 'webhook', url: 'https://hooks.example.org/x' }).did).toEqual(['asked']);
    nowMs += dayMs;
    expect(ask({ channel: 'webhook', url: 'https://victim.example/x' }).did).toEqual(['asked']);
  });
});
