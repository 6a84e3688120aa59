import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver on loopback that behaves as badly as its script says. */
export interface HostileReceiver {
  url: string;
  got: Got[];
  /** The next answers, in order; the last one stays. */
  script(...answers: Answer[]): void;
  /** Resolves when so many requests have arrived. */
  arrived(count: number, limitMs?: number): Promise<Got[]>;
  close(): Promise<void>;
}

export interface Got {
  atMs: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export type Answer =
  | { status: number; body?: string; headers?: Record<string, string>; afterMs?: number }
  | 'hang'
  | 'cut'
  | 'endless'
  | 'drip_head'
  | ((got: Got) => { status: number; body?: string });

export async function startHostileReceiver(): Promise<HostileReceiver> {
  const got: Got[] = [];
  let answers: Answer[] = [{ status: 200, body: 'ok' }];
  const waiting: { count: number; go: (got: Got[]) => void }[] = [];
  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const one = {
        atMs: Date.now(),
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body,
      };
      got.push(one);
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
      give(answer, one, request, response);
      for (const wait of waiting) if (got.length >= wait.count) wait.go(got);
    });
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    script: (...next) => {
      answers = next;
    },
    arrived: (count, limitMs = 10_000) =>
      new Promise((go, fail) => {
        if (got.length >= count) return go(got);
        const limit = setTimeout(() => fail(new Error(`${got.length} of ${count} arrived`)), limitMs);
        waiting.push({
          count,
          go: (all) => {
            clearTimeout(limit);
            go(all);
          },
        });
      }),
    close: () =>
      new Promise((go) => {
        server.closeAllConnections();
        server.close(() => go());
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function give(answer: Answer, got: Got, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'cut') return void request.socket.destroy();
  if (answer === 'drip_head') return void drip(request);
  if (answer === 'endless') return void endless(response);
  const {
    status,
    body = '',
    headers = {},
    afterMs = 0,
  } = typeof answer === 'function' ? { ...answer(got), headers: {}, afterMs: 0 } : answer;
  setTimeout(() => {
    response.writeHead(status, headers);
    response.end(body);
  }, afterMs);
}

function drip(request: IncomingMessage): void {
  request.socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => request.socket.write('.'), 50);
  request.socket.once('close', () => clearInterval(timer));
}

function endless(response: ServerResponse): void {
  response.writeHead(200);
  const more = (): void => {
    while (response.writable && response.write('x'.repeat(16_384)));
    response.once('drain', more);
  };
  more();
}
