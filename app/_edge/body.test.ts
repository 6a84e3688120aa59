import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminToken, type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

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
