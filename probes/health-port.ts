import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { beatEveryMs } from './heartbeat.ts';

/** `GET /healthz` and `/readyz` of the worker alone, where `listen.worker_port` names a place for them. */

export interface WorkerHealth {
  /** Monotonic instants of the last word of the looking thread and of the last heartbeat written; null: none yet. */
  lookingAtMs: number | null;
  beatAtMs: number | null;
}

export interface HealthPort {
  port(): number | null;
  close(): void;
}

/** Looking reports each second, the beat is written every other: three times as long is a thread that stands still. */
const silentAfterMs = 10_000;
const startWithinMs = 30_000;
const beatSilentAfterMs = 4 * beatEveryMs;

export function reasonsNotAlive(health: WorkerHealth, startedAtMs: number, nowMs: number): string[] {
  const since = health.lookingAtMs ?? startedAtMs + startWithinMs - silentAfterMs;
  return nowMs - since > silentAfterMs ? ['the looking thread says nothing'] : [];
}

export function reasonsNotReady(health: WorkerHealth, nowMs: number): string[] {
  if (health.beatAtMs === null)
    return ['it does not watch yet: another worker leads, or the store is not open'];
  return nowMs - health.beatAtMs > beatSilentAfterMs ? ['its heartbeat cannot be written'] : [];
}

export function openHealthPort(
  where: { host: string; port: number | null },
  health: WorkerHealth,
  io: { monoMs(): number; complain(sentence: string): void },
): HealthPort {
  if (where.port === null) return { port: () => null, close: () => undefined };
  const startedAtMs = io.monoMs();
  const server: Server = createServer((request, response) => {
    const nowMs = io.monoMs();
    const path = request.url?.split('?')[0];
    const isAsked = request.method === 'GET' || request.method === 'HEAD';
    const alive = reasonsNotAlive(health, startedAtMs, nowMs);
    if (!isAsked) answer(request, response, 405, { error: 'GET /healthz or /readyz' });
    else if (path === '/healthz') tell(request, response, alive, 'ok', 'silent');
    else if (path === '/readyz')
      tell(request, response, [...alive, ...reasonsNotReady(health, nowMs)], 'ready', 'not_ready');
    else answer(request, response, 404, { error: 'GET /healthz or /readyz' });
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  server.maxConnections = 100;
  // A place that is taken is no reason to stop watching.
  server.on('error', (cause) => io.complain(`The worker's health port cannot be opened: ${cause.message}`));
  server.listen(where.port, where.host);
  server.unref();
  return {
    port: () => (server.address() as { port: number } | null)?.port ?? null,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function tell(
  request: IncomingMessage,
  response: ServerResponse,
  reasons: string[],
  good: string,
  bad: string,
): void {
  const status = reasons.length === 0 ? good : bad;
  answer(request, response, reasons.length === 0 ? 200 : 503, { status, reasons });
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  request.resume();
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
}
