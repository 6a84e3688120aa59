import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { createTrusted, createUntrusted, loopbackPolicy } from '#lib/http.ts';
import { createResolver } from '#lib/http-resolve.ts';
import { sealSettings } from '#lib/notify/public.ts';
import { createSealer } from '#lib/seal.ts';
import { type DeliveryDesk, openDeliveryDesk, until } from '#lib/testing/delivery-desk.ts';
import { startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { serveTcp } from '#lib/testing/loopback.ts';
import { anIncident } from '#lib/testing/messages.ts';
import { startNameServer } from '#lib/testing/name-server.ts';
import { startPostOffice } from '#lib/testing/post-office.ts';

/** Receivers that cannot be reached for hours, and what they hear once they can. */

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const hourMs = 3_600_000;
let desk: DeliveryDesk;
beforeEach(() => {
  desk = openDeliveryDesk();
});
afterEach(() => desk.close());

function start(config: Record<string, unknown>, resolver = createResolver()) {
  const untrusted = createUntrusted(loopbackPolicy, { resolver });
  const deliverer = desk.start(config, { http: { trusted: createTrusted({ resolver }), untrusted } });
  return { deliverer, said: desk.said };
}

function happen(incident: Incident, { type = 'incident.opened', ...change }: Partial<CoreEvent> = {}): void {
  desk.happen(type, incident, change);
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
  desk.endings.push(() => server.close());
  start({ channels: [{ type: 'webhook', name: 'a', url: server.url, secret }] });
  happen(anIncident({ openedAtMs: desk.nowMs() }));
  await until(() => desk.lines('op_webhook_a').includes('sent'));
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
        startedAtMs: desk.nowMs(),
        openedAtMs: desk.nowMs(),
        resolvedAtMs: status === 'open' ? null : desk.nowMs(),
      });
    const isAtRest = () => deliverer.facts().inFlight === 0;
    happen(short('over', 'open'), { sentence: 'incident over has begun' });
    await until(() => desk.lines('op_email_ops').includes('retry') && isAtRest());
    desk.later(20 * 60_000);
    happen(short('over', 'resolved'), { type: 'incident.resolved' });
    desk.later(5 * hourMs);
    happen(short('still', 'open'), { sentence: 'incident still goes on' });
    await until(isAtRest);
    const office = await startPostOffice({ port });
    desk.endings.push(() => office.close());
    desk.later(hourMs);
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
  desk.endings.push(() => receiver.close());
  receiver.script({ status: 503 }, { status: 200, body: 'ok' });
  const { deliverer } = start({ channels: [{ type: 'slack', name: 'a', webhook_url: receiver.url }] });
  happen(anIncident({ openedAtMs: desk.nowMs() }), { sentence: 'the first words' });
  await until(() => desk.lines('op_slack_a').includes('retry'));
  for (let i = 1; i <= 10; i++) {
    desk.later(500);
    happen(anIncident({ openedAtMs: desk.nowMs(), title: `title ${i}` }), {
      type: 'incident.changed',
      sentence: `edit ${i}`,
    });
  }
  desk.later(70_000);
  deliverer.poke();
  await until(() => desk.lines('op_slack_a').includes('sent'));
  await new Promise((go) => setTimeout(go, 200));
  expect(receiver.got).toHaveLength(2);
  expect(receiver.got[1]?.body).toContain('edit 10');
  expect(receiver.got[1]?.body).not.toContain('edit 9');
});

// Seen red when a name that cannot be found was held for a permanent fault.
it('A12: while names cannot be found nothing is lost, the owner can see it, and it drains when they can', async () => {
  const receiver = await startHostileReceiver();
  desk.endings.push(() => receiver.close());
  const table: Record<string, { v4?: string[] }> = {};
  const names = await startNameServer(table);
  desk.endings.push(() => names.close());
  const resolver = createResolver({ servers: [names.address], timeoutMs: 100, tries: 1 });
  const { port } = new URL(receiver.url);
  const { deliverer } = start(
    { channels: [{ type: 'webhook', name: 'a', url: `http://hooks.example.test:${port}`, secret }] },
    resolver,
  );
  happen(anIncident({ openedAtMs: desk.nowMs() }));
  await until(() => desk.lines('op_webhook_a').includes('retry'));
  desk.later(5 * 60_000);
  deliverer.poke();
  await until(() => desk.lines('op_webhook_a').filter((one) => one === 'retry').length > 1);
  const { oldestDueAtMs, dead } = desk.store.outbox.pending(desk.nowMs() + hourMs);
  expect(dead).toBe(0);
  expect(oldestDueAtMs).not.toBeNull();
  expect(
    desk.store.outbox
      .log({ receiverId: 'op_webhook_a', limit: 9 })
      .map(({ text }) => text)
      .join(' '),
  ).toContain('dns');
  table['hooks.example.test'] = { v4: ['127.0.0.1'] };
  desk.later(hourMs);
  deliverer.poke();
  await until(() => desk.lines('op_webhook_a').includes('sent'));
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
  desk.endings.push(() => names.close());
  const places = Object.fromEntries(
    ['blocked', 'closed', 'unknown'].map((id) => [id, `https://${id}.example.test/`]),
  );
  for (const [id, url] of Object.entries(places))
    desk.store.people.addReceiver({
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
      createdAtMs: desk.nowMs() - 60_000,
      isMutedUntilMs: null,
    });
  start({}, createResolver({ servers: [names.address], timeoutMs: 200, tries: 1 }));
  happen(anIncident({ openedAtMs: desk.nowMs() }));
  await until(() => Object.keys(places).every((id) => desk.lines(`pub_${id}`).includes('retry')));
  const said = Object.keys(places).flatMap((id) =>
    desk.store.outbox
      .log({ receiverId: `pub_${id}`, limit: 9 })
      .filter(({ what }) => what === 'retry')
      .map(({ text }) => text.replace(/[\d.]+ s$/, 'N s')),
  );
  expect(new Set(said)).toEqual(new Set(['no answer after N s']));
});

// Seen red with messages taken in the order in which they fall due.
it('of a fall that is to be tried again and an end that is due before it the end is told', async () => {
  const receiver = await startHostileReceiver();
  desk.endings.push(() => receiver.close());
  receiver.script({ status: 503, headers: { 'retry-after': '120' } }, { status: 200, body: 'ok' });
  const { deliverer } = start({ channels: [{ type: 'slack', name: 'a', webhook_url: receiver.url }] });
  const fall = anIncident({ startedAtMs: desk.nowMs(), openedAtMs: desk.nowMs() });
  happen(fall);
  await until(() => desk.lines('op_slack_a').includes('retry'));
  desk.later(60_000);
  happen(
    { ...fall, status: 'resolved', resolvedAtMs: desk.nowMs() },
    { type: 'incident.resolved', sentence: 'it is over' },
  );
  desk.later(300_000);
  deliverer.poke();
  await until(() => desk.lines('op_slack_a').includes('sent'));
  expect(receiver.got[1]?.body).toContain('was down');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', () => go()));
  const { port } = server.address() as { port: number };
  await new Promise((go) => server.close(go));
  return port;
}
