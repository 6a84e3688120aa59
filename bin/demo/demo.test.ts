import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closeServer } from '#probes/sim/main.ts';
import { type DemoStatus, startControlApi } from './control-api.ts';
import { createPanel, demoFaults, faultIds } from './demo-faults.ts';
import { controlPage, escapeHtml, mailboxPage } from './demo-pages.ts';
import { startMailbox } from './mailbox.ts';
import { placesFrom } from './places.ts';
import { readMail } from './smtp-receiver.ts';
import { tellStory } from './story.ts';
import { type DemoWorld, startWorld } from './world.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const anyPorts = { ...placesFrom(0), gateway: 0, gatewayStatus: 0, mailbox: 0, smtp: 0, control: 0 };
const free = {
  ...anyPorts,
  direct: { anthropic: 0, openai: 0, google: 0 },
  directStatus: 0,
  controls: [0, 0, 0] as [number, number, number],
};

async function world(): Promise<DemoWorld> {
  const started = await startWorld(free, 1);
  open.push(started);
  return started;
}

async function chat(w: DemoWorld, body: object): Promise<number> {
  const response = await fetch(`${w.gateway.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'What is 1 + 1?' }], max_tokens: 4, ...body }),
  });
  await response.text();
  return response.status;
}

describe('every fault of the panel', () => {
  const groq = {
    model: 'meta-llama/llama-3.1-8b-instruct',
    provider: { order: ['groq'], allow_fallbacks: false },
  };
  const expected: Partial<Record<keyof typeof demoFaults, [object, number]>> = {
    provider: [groq, 502],
    credit: [groq, 402],
    model: [{ model: 'openai/gpt-4o-mini' }, 404],
  };
  test.each(Object.entries(expected))(
    '%s breaks what it says and can be mended',
    async (id, [body, status]) => {
      const w = await world();
      w.gateway.setLatencyScale(0);
      const panel = createPanel(w, () => 0);
      expect(await chat(w, body)).toBe(200);
      panel.strike(id as keyof typeof demoFaults, 'person');
      expect(await chat(w, body)).toBe(status);
      panel.mend();
      expect(await chat(w, body)).toBe(200);
      expect(panel.log.map((l) => l.what)).toEqual(['strike', 'mend']);
    },
  );

  test('network tears every line, and mends it', async () => {
    const w = await world();
    const panel = createPanel(w, () => 0);
    panel.strike('network', 'person');
    await expect(chat(w, { model: 'openai/gpt-4o-mini' })).rejects.toThrow();
    await expect(fetch(w.direct.openai.baseUrl)).rejects.toThrow();
    panel.mend('network');
    expect(await chat(w, { model: 'openai/gpt-4o-mini' })).toBe(200);
  });

  test('names the cause that should be shown', () => {
    for (const id of faultIds)
      expect(demoFaults[id].cause).toMatchObject({ kind: expect.any(String), id: expect.any(String) });
  });
});

test('the story strikes by itself, until a person takes over', async () => {
  const w = await world();
  const panel = createPanel(w, () => 0);
  const story = tellStory(panel, { calmMs: 10, faultMs: 200 });
  await expect.poll(() => panel.active()).toEqual(['provider']);
  story.set(false);
  expect(panel.active()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(panel.active()).toEqual([]);
  story.stop();
});

test('the control port strikes, mends and lists; what it does not know is a 404', async () => {
  const w = await world();
  const panel = createPanel(w, () => 0);
  const story = tellStory(panel, { calmMs: 60_000, faultMs: 1 });
  const server = await startControlApi(0, { panel, story, letters: [] });
  open.push({ close: () => closeServer(server) });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const order = (path: string) => fetch(url + path, { method: 'POST' });
  const status = (await (await order('/strike/credit')).json()) as DemoStatus;
  expect(status).toMatchObject({ active: ['credit'], isStoryTold: false });
  expect((await order('/strike/nothing')).status).toBe(404);
  expect((await order('/mend/all')).status).toBe(200);
  expect(panel.active()).toEqual([]);
  expect((await fetch(`${url}/strike/credit`)).status).toBe(404);
  story.stop();
});

test('the mailbox keeps mails, Slack messages and webhooks, newest first', async () => {
  // Below the range from which the system takes ports for connections that go out.
  const ports = { ...free, mailbox: 19_471, smtp: 19_472 };
  const mailbox = await startMailbox(ports, () => 42);
  open.push(mailbox);
  await fetch(`http://127.0.0.1:${ports.mailbox}/slack`, { method: 'POST', body: '{"text":"Groq is down"}' });
  await fetch(`http://127.0.0.1:${ports.mailbox}/webhook`, {
    method: 'POST',
    body: '{"type":"incident.opened"}',
  });
  await sendMail(ports.smtp);
  await expect.poll(() => mailbox.letters.length).toBe(3);
  expect(mailbox.letters.map((l) => [l.channel, l.subject])).toEqual([
    ['email', 'Groq is down'],
    ['webhook', 'incident.opened'],
    ['slack', 'Groq is down'],
  ]);
});

function sendMail(port: number): Promise<void> {
  const lines = ['EHLO me', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA'];
  const mail = ['Subject: Groq is down', '', 'It is.', '.', 'QUIT'];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', () => {
      const next = lines.shift();
      if (next) socket.write(`${next}\r\n`);
      else if (mail.length) socket.write(`${mail.splice(0).join('\r\n')}\r\n`);
    });
  });
}

test('a subject in encoded words and a quoted-printable part are read', () => {
  const raw = [
    'Subject: =?UTF-8?Q?Down:_Groq_=E2=80=94_all?=',
    'Content-Type: multipart/alternative; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'It lasted 3=E2=80=89min and is=',
    ' over.',
    '--b1--',
  ].join('\r\n');
  expect(readMail(raw)).toEqual({ subject: 'Down: Groq — all', text: 'It lasted 3\u2009min and is over.' });
});

test('whatever a message holds, the demo’s pages show it as text', () => {
  const letter = {
    atMs: 0,
    channel: 'slack' as const,
    to: '/slack',
    subject: '<script>alert(1)</script>',
    text: '"><img>',
  };
  const status: DemoStatus = {
    active: ['provider'],
    isStoryTold: true,
    faults: faultIds.map((id) => ({
      id,
      label: demoFaults[id].label,
      about: demoFaults[id].about,
      cause: demoFaults[id].cause,
    })),
    log: [],
    letters: [letter],
  };
  expect(mailboxPage(status)).not.toMatch(/<script>|<img>/);
  expect(controlPage(status)).toContain('/demo/mend/provider');
  expect(controlPage(status)).toContain('/demo/strike/gateway');
  expect(escapeHtml(`<&>"'`)).toBe('&#60;&#38;&#62;&#34;&#39;');
});
