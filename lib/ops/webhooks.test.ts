import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { createSealer } from '../seal.ts';
import type { Store } from '../store.ts';
import { addWebhook } from './add-webhook.ts';
import { listWebhooks } from './list-webhooks.ts';
import { findWebhook, readOwn } from './own-webhooks.ts';
import { removeWebhook } from './remove-webhook.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.ts';
import { testWebhook } from './test-webhook.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';

const sealer = createSealer(Buffer.alloc(32, 4));
const nowMs = Date.UTC(2026, 10, 20, 12);
let store: Store;
beforeEach(() => {
  store = openMemoryStore({ nowMs: () => nowMs });
});
afterEach(() => store.close());
const io = () => ({ store, sealer, nowMs });
function add(owner = 'router', url = 'https://hooks.example.org/secret-path') {
  const added = addWebhook(io(), { raw: { url, kinds: ['circuit'], scope: ['model:a/b'] }, owner });
  if (!added.ok) throw new Error(added.code);
  return added;
}

describe('webhooks of an API key', () => {
  it('are made pending, with a secret that is shown once and a challenge that is on its way', () => {
    const { webhook, secret } = add();
    expect(webhook).toMatchObject({
      about: 'hooks.example.org',
      status: 'pending',
      kinds: ['circuit'],
      scope: ['model:a/b'],
    });
    expect(secret).toMatch(/^whsec_/);
    expect(store.events.list({ types: ['subscription.mail'], limit: 1 })[0]?.data).toMatchObject({
      receivers: [webhook.id],
      channel: 'webhook',
      challenge: expect.any(String),
    });
    const shown = JSON.stringify([listWebhooks(io(), 'router'), store.people.receivers()]);
    expect(shown).not.toMatch(/secret-path|whsec_/);
  });

  it('are seen, tested, rotated and removed by their owner and the administrator only', () => {
    const { id } = add().webhook;
    expect(listWebhooks(io(), 'router').map((one) => one.id)).toEqual([id]);
    expect([listWebhooks(io(), 'other'), listWebhooks(io(), null).length]).toEqual([[], 1]);
    for (const attempt of [testWebhook, removeWebhook, rotateWebhookSecret, webhookDeliveries])
      expect(attempt(io(), { id, owner: 'other' })).toMatchObject({ ok: false, code: 'unknown_webhook' });
    expect(testWebhook(io(), { id, owner: 'router' }).ok).toBe(true);
    expect(webhookDeliveries(io(), { id, owner: null })).toMatchObject({
      ok: true,
      lines: [{ what: 'queued' }],
    });
    expect(removeWebhook(io(), { id, owner: 'router' })).toEqual({ ok: true });
    expect(removeWebhook(io(), { id, owner: 'router' })).toMatchObject({ code: 'unknown_webhook' });
  });

  it('sign with the new and the last secret after a rotation, and with no older one', () => {
    const { webhook, secret } = add();
    const own = () => {
      const found = findWebhook(io(), webhook.id, null);
      return found.ok ? readOwn(io(), found.receiver) : null;
    };
    const second = rotateWebhookSecret(io(), { id: webhook.id, owner: 'router' });
    expect(own()).toMatchObject({ secrets: [second.ok && second.secret, secret] });
    const third = rotateWebhookSecret(io(), { id: webhook.id, owner: 'router' });
    expect(own()?.secrets).toEqual([third.ok && third.secret, second.ok && second.secret]);
    expect(own()?.url).toBe('https://hooks.example.org/secret-path');
  });

  it('are refused with what is wrong, and beyond a hundred', () => {
    expect(addWebhook(io(), { raw: { url: 'http://10.0.0.1/' }, owner: 'x' })).toMatchObject({
      ok: false,
      problems: [{ path: 'url' }],
    });
    for (let i = 0; i < 100; i++) add('busy', `https://h${i}.example.org/`);
    expect(addWebhook(io(), { raw: { url: 'https://one.more.example/' }, owner: 'busy' })).toMatchObject({
      code: 'too_many',
    });
  });

  it('cannot be an operator’s channel by its id', () => {
    expect(findWebhook(io(), 'op_webhook_x', null)).toMatchObject({ ok: false });
  });
});
