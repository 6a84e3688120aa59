import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import type next from 'next';

export interface Rendered {
  status: number;
  type: string;
  location: string | null;
  body: Buffer;
}

export type Render = (
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<Rendered>;

/**
 * Next behind a server of its own that listens nowhere: the edge speaks to it over a pair of streams, so nothing a
 * stranger sends ever reaches it but a path, and the upgrade listener Next adds is never on the public socket.
 */
export async function startNext(
  dir: string,
  isDev: boolean,
): Promise<{ render: Render; close(): Promise<void> }> {
  if (!isDev) takeBuiltConfig(dir);
  // Next is CommonJS: what Node hands over is the function, what its typings say is the module around it.
  const make = (await import('next')).default as unknown as typeof next.default;
  const app = make({ dev: isDev, dir, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  const inner = http.createServer((req, res) => {
    inner.removeAllListeners('upgrade');
    void handle(req, res);
  });
  return {
    render: (path, headers, signal) => ask(inner, path, headers, signal),
    close: () => app.close(),
  };
}

/**
 * The configuration as the build wrote it down, handed over the way Next's own standalone server does. Reading our file
 * of it again costs a compiler and two validations; a Next that no longer knows this name reads the file.
 */
function takeBuiltConfig(dir: string): void {
  const file = join(dir, '.next', 'required-server-files.json');
  const { config } = JSON.parse(readFileSync(file, 'utf8')) as { config: unknown };
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
}

const mostBytes = 8 * 1024 * 1024;

function ask(
  inner: http.Server,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Rendered> {
  return new Promise((resolve, reject) => {
    const [near, far] = duplexPair();
    inner.emit('connection', far);
    const req = http.request(
      { createConnection: () => near, path, headers: { ...headers, connection: 'close' }, signal },
      (res) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        res.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > mostBytes) req.destroy(new Error('a page of more than 8 MB'));
          else chunks.push(chunk);
        });
        res.on('error', reject);
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 500,
            type: String(res.headers['content-type'] ?? 'text/html; charset=utf-8'),
            location: res.headers.location ?? null,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    req.on('error', (error) => {
      far.destroy();
      reject(error);
    });
    req.end();
  });
}
