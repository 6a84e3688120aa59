import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startEdge({ scene: 'calm' });
});
afterAll(() => edge.stop());

function paste(fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${edge.url}/explain`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: edge.url, ...headers },
    body: new URLSearchParams(fields),
  });
}

test('what is pasted into the form leads to the row it fits, and goes no further', async () => {
  const secret = `sk-or-v1-${'5'.repeat(40)}`;
  const response = await paste({ status: '401', message: `User not found. ${secret} my private prompt` });
  expect(response.status).toBe(303);
  const to = response.headers.get('location') ?? '';
  expect(to).toBe('/explain?answer=A2&status=401#answer');
  expect(await (await fetch(`${edge.url}/metrics`)).text()).toContain(
    'signalbox_errors_pasted{error_type="unauthorized_doubtful"} 1',
  );
});

test('the provider an error names travels along, and the language', async () => {
  const message =
    '{"error":{"code":502,"message":"Provider returned error","metadata":{"provider_name":"DeepInfra"}}}';
  expect((await paste({ message, lang: 'zh' })).headers.get('location')).toBe(
    '/zh/explain?answer=G3&status=502&provider=DeepInfra#answer',
  );
});

test('another site cannot paste on somebody’s behalf', async () => {
  expect((await paste({ status: '401' }, { origin: 'https://evil.example' })).status).toBe(403);
});
