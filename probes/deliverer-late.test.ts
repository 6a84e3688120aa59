import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '#db/open.ts';
import { type ConfigInput, configSchema } from '#lib/config/schema.ts';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '#lib/http.ts';
import { createResolver } from '#lib/http-resolve.ts';
import { sealSettings } from '#lib/notify/public.ts';
import { createSealer } from '#lib/seal.ts';
import type { Store } from '#lib/store.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { serveTcp } from '#lib/testing/loopback.ts';
import { anEvent, anIncident } from '#lib/testing/messages.ts';
import { startNameServer } from '#lib/testing/name-server.ts';
import { startPostOffice } from '#lib/testing/post-office.ts';
import { type Deliverer, startDeliverer } from './deliverer.ts';

/** Receivers that cannot be reached for hours, and what they hear once they can. */

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const hourMs = 3_600_000;
let store: Store;
let offsetMs = 0;
const now = () => Date.now() + offsetMs;
const endings: (() => unknown)[] = [];

beforeEach(() => {
  offsetMs = 0;
  store = openMemoryStore({ nowMs: now });
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  store.close();
});

function start(config: ConfigInput, resolver = createResolver()): { deliverer: Deliverer; said: string[] } {
  const said: string[] = [];
  const deliverer = startDeliverer({
    store,
    http: { trusted: createTrusted({ resolver }), untrusted: createUntrusted(loopbackPolicy, { resolver }) },
    sealer: createSealer(Buffer.alloc(32, 3)),
    config: configSchema.parse({ url: 'https://status.example.com', ...config }),
    by: 'w1',
    nowMs: now,
    say: (sentence) => said.push(sentence),
  });
  endings.push(() => deliverer.stop());
  return { deliverer, said };
}

let made = 0;
function happen(deliverer: Deliverer, incident: Incident, change: Partial<CoreEvent> = {}): void {
  made += 1;
  const event = anEvent({ id: `ev_${made}`, atMs: now(), incidentId: incident.id, ...change });
  const deliveries = addressEvents([event], store.people.receivers('operator'), {
    nowMs: now(),
    incident: () => incident,
  });
  if (store.incidents.get(incident.id))
    store.incidents.edit(incident.id, () => ({ incident, events: [event], deliveries }));
  else store.incidents.add(incident, [event], deliveries);
  deliverer.poke();
}

const lines = (receiverId: string) =>
  store.outbox
    .log({ receiverId, limit: 300 })
    .map((line) => line.what)
    .reverse();

async function until(check: () => boolean, limitMs = 10_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!check()) {
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 10));
  }
}

// Seen red without a limit on what is read of an answer.
it('A3: of a receiver whose answer never ends four kilobytes are read, and the message counts as sent', async () => {
  let written = 0;
  const server = await serveTcp((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const more = setInterval(() => {
        if (socket.destroyed) return clearInterval(more);
        socket.write('400\r\n'.padEnd(5 + 1_024, 'x').concat('\r\n'));
        written += 1_024;
      }, 20);
    });
  });
  endings.push(() => server.close());
  const { deliverer } = start({ channels: [{ type: 'webhook', name: 'a', url: server.url, secret }] });
  happen(deliverer, anIncident({ openedAtMs: now() }));
  await until(() => lines('op_webhook_a').includes('sent'));
  const atEnd = written;
  await new Promise((go) => setTimeout(go, 200));
  expect(written).toBeLessThan(8 * 1_024);
  expect(written - atEnd).toBeLessThanOrEqual(2_048);
});

describe('A8: mail that could not be sent for six hours', () => {
  // Seen red with what has become stale sent one by one.
  it('goes out when the server is back, each fault once, and what is over as one sentence', async () => {
    const port = await freePort();
    const { deliverer } = start({
      channels: [{ type: 'email', name: 'ops', to: 'ops@example.com' }],
      smtp: { url: `smtp://127.0.0.1:${port}`, from: 's@example.com' },
    });
    const short = (id: string, status: 'open' | 'resolved') =>
      anIncident({
        id,
        title: `incident ${id}`,
        status,
        startedAtMs: now(),
        openedAtMs: now(),
        resolvedAtMs: status === 'open' ? null : now(),
      });
    const isAtRest = () => deliverer.facts().inFlight === 0;
    happen(deliverer, short('over', 'open'), { sentence: 'incident over has begun' });
    await until(() => lines('op_email_ops').includes('retry') && isAtRest());
    offsetMs += 20 * 60_000;
    happen(deliverer, short('over', 'resolved'), { type: 'incident.resolved' });
    offsetMs += 5 * hourMs;
    happen(deliverer, short('still', 'open'), { sentence: 'incident still goes on' });
    await until(isAtRest);
    const office = await startPostOffice({ port });
    endings.push(() => office.close());
    offsetMs += hourMs;
    deliverer.poke();
    await until(() => office.got.length > 0 && deliverer.facts().due === 0, 15_000);
    const all = office.got.map((one) => `${one.headers.subject} ${one.text}`).join('\n');
    expect(all).toContain('incident over: was down');
    expect(all).toContain('incident still goes on');
    expect(all).not.toContain('incident over has begun');
    // One that is over and one that is not: never two mails of one incident.
    expect(office.got).toHaveLength(2);
    expect(new Set(office.got.map((one) => one.headers['message-id'])).size).toBe(office.got.length);
  }, 40_000);
});

// Seen red with every edit sent as a message of its own.
it('A11: ten edits within a minute are two messages: the first at once, then the latest', async () => {
  const receiver = await startHostileReceiver();
  endings.push(() => receiver.close());
  receiver.script({ status: 503 }, { status: 200, body: 'ok' });
  const { deliverer } = start({ channels: [{ type: 'slack', name: 'a', webhook_url: receiver.url }] });
  happen(deliverer, anIncident({ openedAtMs: now() }), { sentence: 'the first words' });
  await until(() => lines('op_slack_a').includes('retry'));
  for (let i = 1; i <= 10; i++) {
    offsetMs += 500;
    happen(deliverer, anIncident({ openedAtMs: now(), title: `title ${i}` }), {
      type: 'incident.changed',
      sentence: `edit ${i}`,
    });
  }
  offsetMs += 70_000;
  deliverer.poke();
  await until(() => lines('op_slack_a').includes('sent'));
  await new Promise((go) => setTimeout(go, 200));
  expect(receiver.got).toHaveLength(2);
  expect(receiver.got[1]?.body).toContain('edit 10');
  expect(receiver.got[1]?.body).not.toContain('edit 9');
});

// Seen red when a name that cannot be found was held for a permanent fault.
it('A12: while names cannot be found nothing is lost, the owner can see it, and it drains when they can', async () => {
  const receiver = await startHostileReceiver();
  endings.push(() => receiver.close());
  const table: Record<string, { v4?: string[] }> = {};
  const names = await startNameServer(table);
  endings.push(() => names.close());
  const resolver = createResolver({ servers: [names.address], timeoutMs: 100, tries: 1 });
  const { port } = new URL(receiver.url);
  const { deliverer } = start(
    { channels: [{ type: 'webhook', name: 'a', url: `http://hooks.example.test:${port}`, secret }] },
    resolver,
  );
  happen(deliverer, anIncident({ openedAtMs: now() }));
  await until(() => lines('op_webhook_a').includes('retry'));
  offsetMs += 5 * 60_000;
  deliverer.poke();
  await until(() => lines('op_webhook_a').filter((one) => one === 'retry').length > 1);
  const { oldestDueAtMs, dead } = store.outbox.pending(now() + hourMs);
  expect(dead).toBe(0);
  expect(oldestDueAtMs).not.toBeNull();
  expect(
    store.outbox
      .log({ receiverId: 'op_webhook_a', limit: 9 })
      .map(({ text }) => text)
      .join(' '),
  ).toContain('dns');
  table['hooks.example.test'] = { v4: ['127.0.0.1'] };
  offsetMs += hourMs;
  deliverer.poke();
  await until(() => lines('op_webhook_a').includes('sent'));
  expect(receiver.got).toHaveLength(1);
});

// Seen red with the fault's own words told to strangers too.
it('U6: a stranger’s address that is blocked, closed or unknown is told in the same words, and tried again alike', async () => {
  const names = await startNameServer({
    'blocked.example.test': { v4: ['10.0.0.1'] },
    // Nobody listens there.
    'closed.example.test': { v4: ['127.0.0.1'] },
    'unknown.example.test': {},
  });
  endings.push(() => names.close());
  const places = Object.fromEntries(
    ['blocked', 'closed', 'unknown'].map((id) => [id, `https://${id}.example.test/`]),
  );
  for (const [id, url] of Object.entries(places))
    store.people.addReceiver({
      id: `pub_${id}`,
      origin: 'public',
      channel: 'webhook',
      settings: {
        sealed: sealSettings(createSealer(Buffer.alloc(32, 3)), `pub_${id}`, { url, secret }),
      },
      scope: [],
      minImpact: null,
      kinds: ['incident'],
      untilIncidentId: null,
      status: 'active',
      createdAtMs: now() - 60_000,
      isMutedUntilMs: null,
    });
  const { deliverer } = start({}, createResolver({ servers: [names.address], timeoutMs: 200, tries: 1 }));
  happen(deliverer, anIncident({ openedAtMs: now() }));
  await until(() => Object.keys(places).every((id) => lines(`pub_${id}`).includes('retry')));
  const said = Object.keys(places).flatMap((id) =>
    store.outbox
      .log({ receiverId: `pub_${id}`, limit: 9 })
      .filter(({ what }) => what === 'retry')
      .map(({ text }) => text.replace(/[\d.]+ s$/, 'N s')),
  );
  expect(new Set(said)).toEqual(new Set(['no answer after N s']));
});

// Seen red with messages taken in the order in which they fall due.
it('of a fall that is to be tried again and an end that is due before it the end is told', async () => {
  const receiver = await startHostileReceiver();
  endings.push(() => receiver.close());
  receiver.script({ status: 503, headers: { 'retry-after': '120' } }, { status: 200, body: 'ok' });
  const { deliverer } = start({ channels: [{ type: 'slack', name: 'a', webhook_url: receiver.url }] });
  const fall = anIncident({ startedAtMs: now(), openedAtMs: now() });
  happen(deliverer, fall);
  await until(() => lines('op_slack_a').includes('retry'));
  offsetMs += 60_000;
  happen(
    deliverer,
    { ...fall, status: 'resolved', resolvedAtMs: now() },
    { type: 'incident.resolved', sentence: 'it is over' },
  );
  offsetMs += 300_000;
  deliverer.poke();
  await until(() => lines('op_slack_a').includes('sent'));
  expect(receiver.got[1]?.body).toContain('was down');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', () => go()));
  const { port } = server.address() as { port: number };
  await new Promise((go) => server.close(go));
  return port;
}
