import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Loopback receivers in a process of their own, so that they do not measure themselves. Speaks with its parent by messages. */

/** One per round: a host that has hung twice is in the slow lane, and there five hundred would not hang at once. */
const hangers = [0, 1, 2].map(() => createServer((request) => void request.resume()));
const quick = createServer((request, response) => {
  // The first byte of the request has arrived when its head is read: that is the instant asked for.
  const atMs = performance.timeOrigin + performance.now();
  const id = request.headers['webhook-id'];
  request.resume();
  request.on('end', () => response.end('ok'));
  process.send?.({ type: 'hit', id, atMs });
});

let mails = 0;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.on('data', () => undefined);
    stream.on('end', () => {
      mails += 1;
      if (mails % 100 === 0)
        process.send?.({ type: 'mails', mails, atMs: performance.timeOrigin + performance.now() });
      done();
    });
  },
});
smtp.on('error', () => undefined);

function listen(server: { listen(port: number, host: string, go: () => void): unknown }): Promise<void> {
  return new Promise((go) => server.listen(0, '127.0.0.1', () => go()));
}

await Promise.all([...hangers.map(listen), listen(quick), listen(smtp)]);
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
process.send?.({ type: 'ready', hang: hangers.map(portOf), quick: portOf(quick), smtp: portOf(smtp.server) });
process.on('disconnect', () => process.exit(0));
