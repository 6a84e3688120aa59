import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyDocument, type SimAccount } from './account.ts';
import { CallLog, type SimCall } from './calls.ts';
import type { SimCatalog } from './catalog.ts';
import { serveChat } from './chat.ts';
import { endpointsDocument, modelsDocument, providersDocument } from './documents.ts';
import { isOtherFace, serveOtherFace } from './other-faces.ts';
import type { Step } from './script.ts';
import { type SimStatusPage, shellHtml } from './status-page.ts';
import { readBody, sendJson, strikeEarly, wallMs } from './wire.ts';
import { SimWorld } from './world.ts';

export interface SimOptions {
  seed?: number;
  /** 0: as fast as the machine; 1: with the latencies of the catalogue. */
  latencyScale?: number;
  /** 0: any free port. */
  port?: number;
  statusPort?: number;
  keepCalls?: number;
  /** Serves `/__sim/script` and `/__sim/calls`, for drivers in another process. */
  isControllable?: boolean;
}

export interface Sim {
  baseUrl: string;
  /** Root of the status page; its document is at `/config.json`. */
  statusUrl: string;
  port: number;
  /** Adds steps in front of the others; returns how to take them back. */
  script(...steps: Step[]): () => void;
  clearScript(): void;
  calls: SimCall[];
  callCount(): number;
  catalog: SimCatalog;
  account: SimAccount;
  page: SimStatusPage;
  setLatencyScale(scale: number): void;
  close(): Promise<void>;
}

/** A scripted OpenRouter on loopback: real HTTP, its catalogue, its chat, its account and its status page. */
export async function startSim(options: SimOptions = {}): Promise<Sim> {
  const world = new SimWorld({ seed: options.seed ?? 1, latencyScale: options.latencyScale ?? 0 });
  const log = new CallLog(options.keepCalls ?? 5000);
  const api = createServer(
    (req, res) => void serveApi(world, log, req, res, options.isControllable === true),
  );
  const page = createServer((req, res) => void servePage(world, log, req, res));
  const port = await listen(api, options.port ?? 0);
  const statusPort = await listen(page, options.statusPort ?? 0);
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v1`,
    statusUrl: `http://127.0.0.1:${statusPort}`,
    port,
    script: (...steps) => world.script.add(...steps),
    clearScript: () => world.script.clear(),
    calls: log.list,
    callCount: () => log.count,
    catalog: world.catalog,
    account: world.account,
    page: world.page,
    setLatencyScale: (scale) => {
      world.latencyScale = scale;
    },
    close: async () => {
      await Promise.all([closeServer(api), closeServer(page)]);
    },
  };
}

export function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = 5000;
  server.maxRequestsPerSocket = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', 1024, () => resolve((server.address() as AddressInfo).port));
  });
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function keyOf(req: IncomingMessage): string | null {
  const bearer = /^Bearer\s+(\S+)/i.exec(req.headers.authorization ?? '');
  const other = req.headers['x-api-key'];
  return bearer?.[1] ?? (typeof other === 'string' ? other : null);
}

async function serveApi(
  world: SimWorld,
  log: CallLog,
  req: IncomingMessage,
  res: ServerResponse,
  isControllable: boolean,
): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sim');
  res.on('error', () => {});
  // Before any answer: whatever is sent then carries it, as Cloudflare does it.
  res.setHeader('cf-ray', `${world.nextId('ray')}-FRA`);
  if (isControllable && url.pathname.startsWith('/__sim/')) return serveControl(world, log, req, res, url);
  const call = log.open({
    method: req.method ?? 'GET',
    path: url.pathname,
    key: keyOf(req),
    headers: req.headers,
    receivedAtMs: wallMs(),
  });
  try {
    call.body = await readBody(req);
    if (url.pathname === '/api/v1/chat/completions') return await serveChat(world, req, res, call);
    const path = url.pathname.replace(/^\/api\/v1/, '');
    if (isOtherFace(path)) return await serveOtherFace(world, req, res, call, path);
    await serveReads(world, req, res, call, url);
  } catch (cause) {
    // The far side hung up in the middle of its own request; there is nobody left to tell.
    if (!res.headersSent && !res.destroyed)
      sendJson(res, call, 500, { error: { code: 500, message: String(cause) } });
  }
}

async function serveReads(
  world: SimWorld,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  url: URL,
): Promise<void> {
  const facts = { path: call.path, model: null, key: call.key, isPinned: false };
  if (await strikeEarly(req, res, call, world.script.atGateway(facts))) return;
  const path = url.pathname.replace(/^\/api\/v1/, '');
  const endpoints = /^\/models\/(.+)\/endpoints$/.exec(path);
  if (endpoints) return serveEndpoints(world, res, call, decodeURIComponent(endpoints[1] ?? ''));
  switch (path) {
    case '/models':
      return sendJson(res, call, 200, modelsDocument(world.catalog), {
        'cache-control': 'public, max-age=300, stale-while-revalidate=3600, stale-if-error=3600',
        'cf-cache-status': 'MISS',
        age: '0',
      });
    case '/providers':
      return sendJson(res, call, 200, providersDocument(world.catalog));
    case '/key':
      return serveKey(world, res, call);
    case '/generation':
      return serveGeneration(world, res, call, url.searchParams.get('id') ?? '');
    case '/credits':
      return sendJson(res, call, 403, {
        error: { message: 'Only management keys can perform this operation', code: 403 },
      });
    default:
      return sendJson(res, call, 404, '<!DOCTYPE html><html><body>Not found</body></html>');
  }
}

function serveEndpoints(world: SimWorld, res: ServerResponse, call: SimCall, id: string) {
  const model = world.catalog.find(id);
  if (!model) return sendJson(res, call, 404, { error: { message: 'Model not found', code: 404 } });
  const failing = (e: Parameters<typeof world.script.failingShare>[0]): number =>
    world.script.failingShare(e);
  sendJson(res, call, 200, endpointsDocument(model, failing, call.key !== null));
}

function serveKey(world: SimWorld, res: ServerResponse, call: SimCall) {
  if (!call.key) {
    return sendJson(res, call, 401, { error: { message: 'Missing Authentication header', code: 401 } });
  }
  if (world.account.revoked.has(call.key)) {
    return sendJson(res, call, 401, { error: { message: 'User not found.', code: 401 } });
  }
  sendJson(res, call, 200, keyDocument(world.account, call.key));
}

function serveGeneration(world: SimWorld, res: ServerResponse, call: SimCall, id: string) {
  const found = world.generations.get(id);
  if (!found || Date.now() - found.atMs < 5000 * world.latencyScale) {
    return sendJson(res, call, 404, { error: { message: `Generation ${id} not found`, code: 404 } });
  }
  sendJson(res, call, 200, {
    data: {
      id,
      model: found.model,
      provider_name: found.tried.at(-1)?.provider ?? null,
      created_at: new Date(found.atMs).toISOString(),
      total_cost: found.costUsd,
      provider_responses: found.tried.map((t, i) => ({
        endpoint_id: `ep-${i}`,
        provider_name: t.provider,
        status: t.status,
        latency: 120,
      })),
    },
  });
}

async function serveControl(
  world: SimWorld,
  log: CallLog,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const json = { 'content-type': 'application/json' };
  if (url.pathname === '/__sim/calls') {
    res.writeHead(200, json).end(JSON.stringify(log.list));
    if (req.method === 'DELETE') log.clear();
    return;
  }
  if (url.pathname !== '/__sim/script') return void res.writeHead(404).end();
  if (req.method === 'DELETE') world.script.clear();
  if (req.method === 'POST') {
    const { steps } = await readBody(req);
    if (Array.isArray(steps)) world.script.add(...(steps as Step[]));
  }
  res.writeHead(200, json).end(JSON.stringify(world.script.steps));
}

async function servePage(
  world: SimWorld,
  log: CallLog,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sim');
  const path = `/status${url.pathname}`;
  const call = log.open({
    method: req.method ?? 'GET',
    path,
    key: null,
    headers: req.headers,
    receivedAtMs: wallMs(),
  });
  const step = world.script.atGateway({ path, model: null, key: null, isPinned: false });
  if (await strikeEarly(req, res, call, step)) return;
  if (url.pathname !== '/config.json') return sendJson(res, call, 200, shellHtml);
  const body = JSON.stringify(world.page.document(`http://${req.headers.host}`));
  const etag = `"${body.length}-${world.page.incidents.length}"`;
  if (req.headers['if-none-match'] === etag) {
    call.status = 304;
    res.writeHead(304, { etag }).end();
    return;
  }
  sendJson(res, call, 200, body, { etag });
}
