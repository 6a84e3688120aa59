import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Two addresses on loopback: the test target that is looked at, and where the message about it comes back. */
export interface CanaryServer {
  close(): void;
}

export interface CanaryServerIo {
  isUp(): boolean;
  /** A signed message about the target. */
  heard(what: string, eventAtMs: number): void;
  ready(url: string): void;
  failed(cause: Error): void;
}

const mostBytes = 20_000;

export function openCanaryServer(secret: Buffer, io: CanaryServerIo): CanaryServer {
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      if (request.url === '/target') return void response.writeHead(io.isUp() ? 200 : 503).end();
      if (request.url !== '/heard' || !isOurs(request, body, secret))
        return void response.writeHead(404).end();
      response.writeHead(204).end();
      const { what, atMs } = newsIn(body);
      if (what !== null) io.heard(what, atMs);
    });
  });
  server.on('error', io.failed);
  server.listen(0, '127.0.0.1', () => {
    io.ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  server.unref();
  return {
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) if (body.length < mostBytes) body += chunk;
  } catch {
    // Cut off in the middle: the signature will not fit.
  }
  return body;
}

/** Anybody on this machine may knock; only what we signed ourselves is our own alarm. */
function isOurs({ headers }: IncomingMessage, body: string, secret: Buffer): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
  const given = Buffer.from(String(headers['webhook-signature'] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}

function newsIn(body: string): { what: string | null; atMs: number } {
  const { timestamp, data } = JSON.parse(body) as {
    timestamp: string;
    data: { detail?: { what?: unknown } };
  };
  const what = data.detail?.what;
  return { what: typeof what === 'string' ? what : null, atMs: Date.parse(timestamp) };
}
