import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  url: string;
  host: string;
  requests: { path: string; headers: Record<string, string | string[] | undefined> }[];
  documents: Record<string, string | Uint8Array>;
  close(): Promise<void>;
}

/** A status page on loopback: its documents with validators, and an HTML shell with 200 for everything else. */
export async function startPage(
  documents: Record<string, string | Uint8Array>,
  options: { hasValidators?: boolean; otherStatus?: number } = {},
): Promise<PageServer> {
  const requests: PageServer['requests'] = [];
  let served = documents;
  const server = createServer((req, res) => {
    const path = req.url ?? '/';
    requests.push({ path, headers: req.headers });
    const body = served[path] ?? served[path.replace(req.headers.host ?? '', '{host}')];
    if (body === undefined) {
      res.writeHead(options.otherStatus ?? 200, { 'content-type': 'text/html' });
      return void res.end('<!DOCTYPE html><html><head><title>Status</title></head><body></body></html>');
    }
    const etag = `"${body.length}"`;
    const validators = options.hasValidators ? { etag } : {};
    if (options.hasValidators && req.headers['if-none-match'] === etag)
      return void res.writeHead(304, validators).end();
    res.writeHead(200, { 'content-type': 'application/json', ...validators });
    res.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    get documents() {
      return served;
    },
    set documents(next) {
      served = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
