import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'partial' });
});
afterAll(() => edge.stop());

describe('whoever speaks MCP wrongly', () => {
  const say = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${edge.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    const json = text === '' ? null : (JSON.parse(text) as Record<string, never>);
    return { status: answer.status, json };
  };
  const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };

  test.each([
    ['no JSON', '{', -32_700],
    ['no version', { id: 1, method: 'ping' }, -32_600],
    ['no method', { jsonrpc: '2.0', id: 1 }, -32_600],
    ['an id that is null', { ...ping, id: null }, -32_600],
    ['no message at all', [], -32_600],
    ['too many at once', Array.from({ length: 21 }, () => ping), -32_600],
  ])('hears so in its own terms: %s', async (_name, body, code) => {
    const { status, json } = await say(body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } });
  });

  test('is refused a version or a media type that is not spoken here', async () => {
    expect((await say(ping, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
    expect((await say(ping, { accept: 'text/html' })).status).toBe(406);
  });

  test('gets the version it asked for, an answer to each of several, and none to a notification', async () => {
    const params = { protocolVersion: '2025-03-26' };
    expect((await say({ ...ping, method: 'initialize', params })).json).toMatchObject({
      result: { protocolVersion: '2025-03-26' },
    });
    const several = await say([ping, { jsonrpc: '2.0', method: 'notifications/x' }, { ...ping, id: 'b' }]);
    expect(several.json).toMatchObject([{ id: 7 }, { id: 'b' }]);
    expect((await say({ jsonrpc: '2.0', id: 3, result: {} })).status).toBe(202);
  });

  test.each([
    ['explain', {}, 'body is needed'],
    ['explain', { body: 5 }, 'body must be text'],
    ['usable_routes', { modell: 'x' }, 'modell is no argument of this tool'],
  ])('is told what is wrong with a call of %s where the assistant can see it', async (name, given, flaw) => {
    const params = { name, arguments: given };
    const { json } = await say({ ...ping, method: 'tools/call', params });
    expect(json).toMatchObject({ result: { isError: true, content: [{ text: flaw }] } });
  });
});
