import { generateKeyPairSync, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrusted } from '../http.ts';
import { type HostileReceiver, startHostileReceiver } from '../testing/hostile-receiver.ts';
import { aMessage, anIncident, hostileText } from '../testing/messages.ts';
import type { Line, NotifyIo } from './channel.ts';
import { webhook } from './webhook.ts';
import { parseEd25519Key, publicKeyText } from './webhook-signature.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const older = `whsec_${Buffer.alloc(24, 6).toString('base64')}`;
const seed = Buffer.alloc(32, 9);
const key = `whsk_${seed.toString('base64')}`;
let receiver: HostileReceiver;
beforeEach(async () => {
  receiver = await startHostileReceiver();
});
afterEach(() => receiver.close());

const io: () => NotifyIo = () => ({
  http: createTrusted(),
  mail: null,
  nowMs: Date.now,
  signal: AbortSignal.timeout(10_000),
  thread: null,
  attempt: 1,
});
function line(change: Record<string, unknown> = {}): Line {
  const opened = webhook.open({ url: `${receiver.url}/hook`, secret, ...change });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  return opened.line;
}

describe('a webhook', () => {
  it('is what the Standard Webhooks library verifies', async () => {
    await line().send(aMessage(), io());
    const [got] = receiver.got;
    const body = new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
    expect(body).toMatchObject({
      type: 'incident.opened',
      timestamp: '2026-11-20T12:01:08.000Z',
      data: {
        epoch: '01KAGQ6ZQ0',
        seq: 7,
        expires_at: null,
        incident_id: 'i1',
        incident: { id: 'i1', impact: 'major', url: 'https://status.example.com/incidents/i1' },
        fix: '"provider":{"ignore":["deepinfra"]}',
      },
    });
    expect(() => new Webhook(older).verify(got?.body ?? '', got?.headers ?? {})).toThrow();
    expect(() => new Webhook(secret).verify(`${got?.body} `, got?.headers ?? {})).toThrow();
  });

  it('is signed with both secrets while they are rotated', async () => {
    await line({ secret: undefined, secrets: [secret, older] }).send(aMessage(), io());
    const [got] = receiver.got;
    for (const one of [secret, older])
      expect(new Webhook(one).verify(got?.body ?? '', got?.headers ?? {})).toBeTruthy();
  });

  it('carries an Ed25519 signature that the public key verifies', async () => {
    await line({ secret: undefined, ed25519_key: key }).send(aMessage(), io());
    const [got] = receiver.got;
    const {
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': signature = '',
    } = got?.headers ?? {};
    const privateKey = parseEd25519Key(key);
    if (!privateKey) throw new Error('no key');
    const raw = Buffer.from(publicKeyText(privateKey).replace('whpk_', ''), 'base64');
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    expect(signature).toMatch(/^v1a,/);
    const isGenuine = verify(
      null,
      Buffer.from(`${id}.${at}.${got?.body}`),
      { key: spki, format: 'der', type: 'spki' },
      Buffer.from(signature.slice(4), 'base64'),
    );
    expect(isGenuine).toBe(true);
    expect(generateKeyPairSync('ed25519').privateKey.asymmetricKeyType).toBe(privateKey.asymmetricKeyType);
  });

  it('can be a CloudEvent with the same data', async () => {
    await line({ format: 'cloudevents' }).send(aMessage(), io());
    const [got] = receiver.got;
    expect(got?.headers['content-type']).toBe('application/cloudevents+json');
    expect(new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {})).toMatchObject({
      specversion: '1.0',
      id: 'msg_0123456789abcdef',
      type: 'signalbox.incident.opened',
      source: 'https://status.example.com',
      data: { incident_id: 'i1' },
    });
  });

  it('names circuit news and the guard as the feed contract does, with an expiry', async () => {
    const expiresAtMs = Date.UTC(2026, 10, 20, 12, 10);
    const event = {
      type: 'circuit.opened' as const,
      incidentId: null,
      targetId: 't',
      expiresAtMs,
      data: { reason: 'http_5xx' },
    };
    await line().send(aMessage({ event, incident: null }), io());
    await line().send(aMessage({ event: { ...event, type: 'guard.changed' }, incident: null }), io());
    await line().send(aMessage({ event: { type: 'incident.changed' } }), io());
    const bodies = receiver.got.map((one) => JSON.parse(one.body));
    expect(bodies[0]).toMatchObject({
      type: 'circuit.opened',
      data: { reason: 'http_5xx', expires_at: '2026-11-20T12:10:00.000Z' },
    });
    expect(bodies.map((one) => one.type)).toEqual([
      'circuit.opened',
      'feed.guard_changed',
      'incident.updated',
    ]);
  });

  it('gives a new receiver ten seconds to give the challenge back', { timeout: 15_000 }, async () => {
    const event = {
      type: 'subscription.mail' as const,
      incidentId: null,
      data: { challenge: 'n-u-m-b-e-r' },
    };
    const ask = () =>
      line().send(aMessage({ event, incident: null }), { ...io(), signal: AbortSignal.timeout(14_000) });
    receiver.script({ status: 200, body: 'ok' }, (got) => ({ status: 200, body: got.body }), 'hang');
    expect(await ask()).toMatchObject({ ok: false, code: 'challenge_unanswered' });
    expect(await ask()).toMatchObject({ ok: true });
    const startedMs = performance.now();
    expect(await ask()).toMatchObject({ ok: false, isTimeout: true });
    expect(performance.now() - startedMs).toBeLessThan(11_500);
    const first = JSON.parse(receiver.got[0]?.body ?? '');
    expect(first).toMatchObject({ type: 'endpoint.challenge', data: { challenge: 'n-u-m-b-e-r' } });
  });

  it('stays below 20 kB however much is affected or said', async () => {
    const affected = Array.from({ length: 5_000 }, (_, i) => `openrouter/p${i}/${'m'.repeat(80)}`);
    const evidence = { ...anIncident().evidence, working: affected };
    await line().send(
      aMessage({
        incident: { affected, evidence, title: hostileText },
        event: { data: { noise: 'x'.repeat(50_000) } },
      }),
      io(),
    );
    expect(Buffer.byteLength(receiver.got[0]?.body ?? '')).toBeLessThan(20_000);
  });

  it.each([
    [{ secret: 'plain' }, 'secret'],
    [{ secret: undefined }, 'secret'],
    [{ secret: `whsec_${Buffer.alloc(8).toString('base64')}` }, 'secret'],
    [{ ed25519_key: 'whsk_AAAA' }, 'ed25519_key'],
    [{ url: 'ftp://x.example' }, 'url'],
    [{ url: 'https://user:pass@x.example' }, 'url'],
    [{ headers: { 'webhook-id': 'x' } }, 'headers.webhook-id'],
    [{ headers: { 'x\r\ny': 'z' } }, 'headers.x\r\ny'],
    [{ urll: 'x' }, 'urll'],
    [{ format: 'xml' }, 'format'],
  ])('refuses %j and names what is wrong', (change, path) => {
    const opened = webhook.open({ url: receiver.url, secret, ...change });
    expect(opened).toMatchObject({ ok: false, problems: [{ path }] });
  });
});
