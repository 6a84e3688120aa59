import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

const send = (path: string, body: BodyInit, type = 'application/json') =>
  fetch(edge.url + path, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${adminToken}` },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });

describe('a body that is too large', () => {
  const endless = (chunks: number) => {
    let left = chunks;
    return new ReadableStream({
      pull: (out) => (left-- > 0 ? out.enqueue(new Uint8Array(1 << 16)) : out.close()),
    });
  };
  test.each([
    ['with its length', () => new Uint8Array(24 << 20)],
    ['in chunks', () => endless(24 * 16)],
  ])('%s is told so, though its sender reads the answer last', async (_, body) => {
    for (let i = 0; i < 3; i++) {
      const answer = await send('/api/v1/observations', body(), 'application/x-ndjson');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([413, 'application/problem+json']);
      expect(await answer.json()).toMatchObject({ title: 'Body too large' });
    }
  });

  test('is not taken in for ever', async () => {
    const { port } = new URL(edge.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const startedMs = performance.now();
    const ended = new Promise((done) => socket.once('close', done));
    socket.resume();
    socket.write(
      `POST /api/v1/explain HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{`,
    );
    await ended;
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe('an export of traces', () => {
  test.each(['5', 'null', '[]', '"x"', '{"resourceSpans":5}', '{"resourceSpans":{}}'])(
    '%s is none, and its field is named',
    async (body) => {
      const answer = await send('/v1/traces', body);
      expect(answer.status).toBe(422);
      const field = body.startsWith('{') ? 'resourceSpans' : '';
      expect(await answer.json()).toMatchObject({ errors: [{ field }] });
    },
  );

  test.each(['', '{}', '{"resourceSpans":[]}', '{"resourceSpans":null}'])('%j is a trial', async (body) => {
    expect((await send('/v1/traces', body)).status).toBe(200);
  });

  test('in protobuf is told what to send', async () => {
    const answer = await send('/v1/traces', 'x', 'application/x-protobuf');
    expect([answer.status, await answer.text()]).toEqual([415, expect.stringContaining('http/json')]);
  });
});

describe('a compressed body', () => {
  const post = (path: string, body: Buffer | string, coding: string) =>
    fetch(edge.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': coding,
        authorization: `Bearer ${adminToken}`,
      },
      body: new Uint8Array(Buffer.from(body)),
    });

  test('is taken where exporters send one', async () => {
    expect((await post('/v1/traces', gzipSync('{"resourceSpans":[]}'), 'gzip')).status).toBe(200);
    expect((await post('/api/v1/observations', gzipSync('{"v":1'), 'gzip')).status).toBe(422);
  });

  test('is given up at the limit, whatever it swells to', async () => {
    expect((await post('/v1/traces', gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), 'gzip')).status).toBe(
      413,
    );
  });

  test('that is none, or of another kind, is refused by name', async () => {
    expect((await post('/v1/traces', 'plain', 'gzip')).status).toBe(422);
    expect((await post('/v1/traces', '{}', 'br')).status).toBe(415);
    expect((await post('/api/v1/explain', gzipSync('{}'), 'gzip')).status).toBe(415);
  });
});
