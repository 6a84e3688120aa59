import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { SignalboxClient } from './index.ts';

test('a first picture that comes in pieces is waited for: a start with half of it would know nobody', async () => {
  const now = Date.now();
  const snapshot = {
    ...{ epoch: 'E', seq: 1, poll_after_s: 10, self: { status: 'ok' }, guard: { state: 'normal' } },
    ...{ generated_at: new Date(now).toISOString(), valid_until: new Date(now + 90_000).toISOString() },
    ...{ chains: [{ id: 'chat', targets: ['a', 'b'] }], targets: [] },
  };
  const text = `retry: 20\n\nid: E-1\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(text.slice(0, 80));
    setTimeout(() => res.write(text.slice(80)), 300);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = new SignalboxClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  try {
    await client.start(5_000);
    expect(client.freshness()).toBe('fresh');
    expect(client.chain('chat')).toEqual(['a', 'b']);
  } finally {
    client.stop();
    server.closeAllConnections();
    server.close();
  }
});
