import { createServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { classify } from '#lib/core/outcome.ts';
import { createTrusted } from '#lib/http.ts';
import { type Loopback, listening, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { selfSigned } from '#lib/testing/self-signed.ts';
import { completion } from './completion.ts';

/** Answers that look like something and are nothing, over real sockets. */

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

async function lookAt(body: string | Buffer, headers: Record<string, string>) {
  const server = await serveHttp((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, headers).end(body));
  });
  endings.push(() => server.close());
  const watched = watchedTarget(
    'completion',
    { gateway: 'direct', provider: 'some', model: 'some-model' },
    { baseUrl: `${server.url}/v1`, dialect: 'openai-chat' },
  );
  const { observation } = await completion(watched, probeIo({ timeoutMs: 1_000 }));
  return { observation, outcome: classify(observation, { watched }) };
}

const html = { 'content-type': 'text/html; charset=utf-8' };
const latin = Buffer.from('<html><title>Zug\xe4nglich? Pr\xfcfung\x07</title>', 'latin1');

it.each([
  [
    'a login page',
    '<!doctype html><title>Sign in</title><form action="/login"><input type="password">',
    html,
  ],
  ['a captcha', '<html><script>challenge()</script><h1>Are you human?</h1>', html],
  ['nothing', '', { 'content-type': 'application/json' }],
  ['an empty object', '{}', { 'content-type': 'application/json' }],
  ['a byte order mark and nothing behind it', '\ufeff', { 'content-type': 'application/json' }],
  ['Latin-1', latin, { 'content-type': 'text/html; charset=iso-8859-1' }],
])(
  'H6: a 200 with %s is no success, and what is kept of it is one clean line',
  async (_what, body, headers) => {
    const { observation, outcome } = await lookAt(body, headers);
    expect(observation.status).toBe(200);
    expect(observation.output?.done ?? false).toBe(false);
    expect(outcome.weight).not.toBe('good');
    expect(JSON.stringify(observation.error?.message ?? '')).not.toMatch(
      /[\u0000-\u001f\u202a-\u202e]|\\u00/,
    );
  },
);

const stream = { 'content-type': 'text/event-stream' };
const say = (text: string) =>
  `data: ${JSON.stringify({ id: 'x', model: 'some-model', choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
const stop = `data: ${JSON.stringify({ id: 'x', model: 'some-model', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 9, completion_tokens: 2 } })}\n\n`;
const done = 'data: [DONE]\n\n';

describe('S9: the end of a stream', () => {
  it('that comes first is no answer', async () => {
    const { observation, outcome } = await lookAt(done, stream);
    expect(outcome.weight).not.toBe('good');
    expect(observation.timing.firstTokenMs).toBeNull();
  });

  it('is the end: what comes after it is not read', async () => {
    const { observation } = await lookAt(
      `${say('62') + stop + done}data: {"error":{"code":502,"message":"late"}}\n\n`,
      stream,
    );
    expect(observation).toMatchObject({ error: null, output: { done: true, finish: 'stop' } });
  });
});

describe('S10: a frame that is no JSON', () => {
  it('among good ones spoils nothing', async () => {
    const { observation } = await lookAt(
      `${say('6')}data: {"choices":[{\n\n${say('2')}${stop}${done}`,
      stream,
    );
    expect(observation).toMatchObject({ error: null, output: { done: true, finish: 'stop' } });
  });

  it('and nothing else is no answer', async () => {
    const { outcome } = await lookAt('data: {"choices":[{\n\ndata: {oops\n\n', stream);
    expect(outcome.weight).not.toBe('good');
  });
});

it('T4: a certificate that was changed is seen with the next look', async () => {
  const root = selfSigned(60, { subject: 'a root' });
  const issuer = { key: root.key, subject: 'a root' };
  const [first, second] = [selfSigned(30, { subject: 'a', issuer }), selfSigned(3, { subject: 'b', issuer })];
  const server = createServer({ key: first.key, cert: first.cert, keepAlive: true }, (_q, answer) =>
    answer.end('ok'),
  );
  const at: Loopback = await listening(server, () => server.closeAllConnections());
  endings.push(() => at.close());
  const http = createTrusted({ ca: [root.cert] });
  const daysLeft = async () => {
    const look = await http.request({ url: at.url.replace('http:', 'https:'), wantsCertificate: true });
    expect(look).toMatchObject({ fault: null, status: 200 });
    return ((look.certificateExpiresAtMs ?? 0) - Date.now()) / 86_400_000;
  };
  expect(await daysLeft()).toBeCloseTo(30, 0);
  server.setSecureContext({ key: second.key, cert: second.cert });
  expect(await daysLeft()).toBeCloseTo(3, 0);
});

// Seen red with a connection that goes where HTTP_PROXY says.
it('U5: proxy variables of the environment lead no request elsewhere', async () => {
  let proxied = 0;
  const proxy = await serveHttp((_request, response) => {
    proxied += 1;
    response.end('proxied');
  });
  const server = await serveHttp((_request, response) => response.end('straight'));
  endings.push(
    () => proxy.close(),
    () => server.close(),
  );
  const names = [
    'HTTP_PROXY',
    'http_proxy',
    'HTTPS_PROXY',
    'https_proxy',
    'ALL_PROXY',
    'all_proxy',
    'NODE_USE_ENV_PROXY',
  ];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url;
  try {
    const look = await createTrusted().request({ url: server.url });
    expect(new TextDecoder().decode(look.body)).toBe('straight');
    expect(proxied).toBe(0);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
