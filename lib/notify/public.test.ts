import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTrusted, createUntrusted, loopbackPolicy, strictPolicy } from '../http.ts';
import { createSealer } from '../seal.ts';
import type { Receiver } from '../store.ts';
import { startHostileReceiver } from '../testing/hostile-receiver.ts';
import { aMessage } from '../testing/messages.ts';
import type { NotifyIo } from './channel.ts';
import { openPublicLine, openPublicSettings, sealSettings } from './public.ts';
import { webhook } from './webhook.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const io = (change: Partial<NotifyIo> = {}): NotifyIo => ({
  http: createUntrusted(strictPolicy),
  mail: null,
  nowMs: Date.now,
  signal: AbortSignal.timeout(10_000),
  thread: null,
  attempt: 1,
  ...change,
});
let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

const inside = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '127.1',
  '0',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '168.63.129.16',
  '192.0.0.1',
  '192.88.99.1',
  '192.168.1.1',
  '172.16.0.1',
  '198.18.0.1',
  '203.0.113.5',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[100::1]',
  '[5f00::1]',
  '[2001:20::1]',
  '[2001:2::1]',
  '[fec0::1]',
  'localhost',
  'localhost.',
  'a.localhost',
];

describe('a webhook of a stranger', () => {
  it('U1: reaches nothing inside our network, however its place is spelled', async () => {
    const touched: string[] = [];
    const server = createServer((socket) => {
      touched.push(String(socket.localAddress));
      socket.destroy();
    });
    await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
    closing.push(() => new Promise((go) => server.close(() => go())));
    for (const host of inside) {
      const opened = openPublicSettings('webhook', { url: `https://${host}/hook`, secret });
      if (!opened.ok) continue;
      const sent = await opened.line.send(aMessage(), io());
      expect([host, sent]).toMatchObject([host, { ok: false, code: 'address_not_allowed', permanent: true }]);
    }
    expect(touched).toEqual([]);
  });

  it('U4: is refused by its text already where a person would see through it', () => {
    for (const host of ['localhost', 'a.localhost', 'x.internal', 'printer.local', '[::1]'])
      expect(openPublicSettings('webhook', { url: `https://${host}/`, secret }).ok).toBe(false);
  });

  it('carries no headers, keys or dispatchers of the stranger’s choosing', () => {
    for (const own of [
      { headers: { host: 'x' } },
      { ed25519_key: 'whsk_x' },
      { api_url: 'https://x.example' },
    ])
      expect(openPublicSettings('webhook', { url: 'https://a.example/', secret, ...own })).toMatchObject({
        ok: false,
      });
    expect(openPublicSettings('pagerduty', {})).toMatchObject({ ok: false, problems: [{ path: 'type' }] });
  });

  it('U3: is not redirected, so its signature goes nowhere else', async () => {
    const first = await startHostileReceiver();
    const second = await startHostileReceiver();
    closing.push(first.close, second.close);
    first.script({ status: 307, headers: { location: second.url } });
    const opened = webhook.open({ url: first.url, secret });
    const sent = opened.ok
      ? await opened.line.send(aMessage(), io({ http: createUntrusted(loopbackPolicy) }))
      : null;
    expect(sent).toMatchObject({ ok: false, code: 'http_307', permanent: true });
    expect(second.got).toEqual([]);
  });

  it('must give the challenge back before anything else is sent', async () => {
    const receiver = await startHostileReceiver();
    closing.push(receiver.close);
    receiver.script({ status: 200, body: 'fine' }, (got) => ({
      status: 200,
      body: JSON.stringify({ challenge: JSON.parse(got.body).data.challenge }),
    }));
    const opened = webhook.open({ url: receiver.url, secret });
    if (!opened.ok) throw new Error('not opened');
    const event = {
      type: 'subscription.mail' as const,
      incidentId: null,
      data: { challenge: 'n0nce', receivers: ['pub_1'], confirm: 's1.x' },
    };
    const message = aMessage({ event, incident: null });
    const http = createTrusted();
    expect(await opened.line.send(message, io({ http }))).toMatchObject({
      ok: false,
      code: 'challenge_unanswered',
      mostTries: 3,
    });
    expect(await opened.line.send(message, io({ http }))).toMatchObject({ ok: true });
    expect(JSON.parse(receiver.got[0]?.body ?? '')).toMatchObject({
      type: 'endpoint.challenge',
      data: { challenge: 'n0nce' },
    });
    expect(receiver.got[0]?.body).not.toContain('s1.x');
  });

  it('is kept sealed, and opens only for its own row', () => {
    const sealer = createSealer(Buffer.alloc(32, 2));
    const own = { url: 'https://a.example/secret-path', secret };
    const receiver = {
      id: 'pub_1',
      channel: 'webhook',
      settings: { sealed: sealSettings(sealer, 'pub_1', own) },
    } as unknown as Receiver;
    expect(openPublicLine(receiver, sealer)?.line.host).toBe('a.example');
    expect(openPublicLine({ ...receiver, id: 'pub_2' }, sealer)).toBeNull();
    expect(JSON.stringify(receiver)).not.toContain('secret-path');
  });
});
