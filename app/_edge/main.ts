import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DemoStripSettings, setWeb } from '#app/_data/web.ts';
import { noOrigins, type Origins } from '#lib/config/origins.ts';
import type { Config } from '#lib/config/schema.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { createSubscribeLimits } from '#lib/ops/subscribe-limits.ts';
import { openSealer, type Sealer, secretFileName } from '#lib/seal.ts';
import { openSigner } from '#lib/signing.ts';
import type { Store } from '#lib/store.ts';
import { trustsOf } from './address.ts';
import { adminFacts } from './admin-facts.ts';
import { Assets } from './assets.ts';
import { bareStreams } from './bare-stream.ts';
import type { Edge, EdgeLog } from './edge.ts';
import type { Guard, GuardTable } from './guard.ts';
import { guards } from './guards.ts';
import { haproxyAgent } from './haproxy-agent.ts';
import { listen, WebProblem } from './listen.ts';
import { Live } from './live.ts';

import { openApi } from './openapi.ts';
import { answerPage } from './page-route.ts';
import { Pages } from './pages.ts';
import { createPasted } from './pasted.ts';
import { plannedWindows } from './planned.ts';
import { RateLimits } from './rate-limits.ts';
import { type Render, startNext } from './render.ts';
import { createReports } from './reports.ts';
import { robots } from './robots.ts';
import { Router } from './router.ts';
import { pageHeaders } from './security.ts';
import { makeServer } from './server.ts';
import { chainsOf, settingsOf } from './settings.ts';
import { diskShelf } from './shelf.ts';
import { exchangeable, keepPicture, lastKnown } from './stand-in.ts';
import { Streams } from './streams.ts';
import { Traces } from './traces.ts';
import { Views } from './views.ts';

export interface WebOptions {
  config: Config;
  /** Absent: everything is taken for a default. */
  origins?: Origins;
  /** Opens the store as a reader. Throws with `code` `missing`, `not_migrated` or `locked` while the worker is not there yet. */
  openStore: () => Store;
  host: string;
  port: number;
  /** Folder for last good copies; null keeps them in memory only. */
  dataDir: string | null;
  adminToken: string | null;
  /** SIGNALBOX_SECRET; absent: the key file in the data folder. */
  secret?: string | undefined;
  log: EdgeLog;
  isDev?: boolean;
  nowMs?: () => number;
  /** Where `.next` is; null serves no pages (an API alone). */
  nextDir?: string | null;
  /** Further addresses, and a strip on every page: the demo. */
  extraGuards?: GuardTable;
  demo?: DemoStripSettings;
}

export interface RunningWeb {
  address: { host: string; port: number };
  edge: Edge;
  close(): Promise<void>;
}

export const projectDir = fileURLToPath(new URL('../..', import.meta.url));

export async function runWeb(options: WebOptions): Promise<RunningWeb> {
  const nowMs = options.nowMs ?? Date.now;
  const opened = await openedStore(options, nowMs);
  const { store } = opened;
  const url = options.config.url?.replace(/\/+$/, '') ?? null;
  const live = new Live(store, {
    planned: () => plannedWindows(options.config, store, nowMs()),
    nowMs,
    chains: chainsOf(options.config),
    onError: (error) => options.log.error({ error }, 'the store cannot be read; the last picture is served'),
  });
  const key = options.config.feed.signing_key;
  const signer = key === null ? null : openSigner(key);
  const views = new Views(live, url, signer ? (facts) => signer.sign(facts, nowMs()) : undefined);
  const streams = new Streams(live, views, {
    nowMs,
    url,
    perAddressLimit: options.config.feed.streams_per_address,
  });
  const reports = createReports(store, nowMs, options.config.page.hide);
  const assets = new Assets();
  const settings = { ...settingsOf(options.config, url), demo: options.demo ?? null };
  const edge: Edge = {
    ...{
      config: options.config,
      origins: options.origins ?? noOrigins,
      settings,
      url,
      store,
      live,
      views,
      streams,
      reports,
      assets,
      nowMs,
      log: options.log,
    },
    pages: null,
    signer,
    traces: new Traces({ live, store, nowMs, log: options.log }),
    adminToken: options.adminToken,
    sealer: sealerOf(options),
    subscribeLimits: createSubscribeLimits(),
    pasted: createPasted(),
    rates: new RateLimits(),
    pageHeaders: (line) => pageHeaders(line, url?.startsWith('https://') ?? false),
    startedAtMs: nowMs(),
  };
  setWeb({
    ...{ store, settings, nowMs, facts: () => live.facts(), explain: explainError },
    report: (query) => reports.of(query),
    month: (id) => reports.month(id),
    openapi: () => openApi(guards, url),
    admin: () => adminFacts(edge),
  });
  live.start();
  const stopKeeping = keepPicture({ store, dataDir: options.dataDir, nowMs, isReal: opened.isReal });
  const next = await startPages(edge, options);
  const server = makeServer({
    edge,
    router: new Router({ ...guards, ...options.extraGuards }),
    trusts: trustsOf(options.config.listen.trusted_proxies),
    otherwise: answerPage,
    takes: bareStreams(edge, guards['GET /api/v1/health/stream'] as Guard),
  });
  try {
    const address = await listen(server, options.host, options.port);
    const agent = await startAgent(edge, options);
    const close = async () => {
      agent?.close();
      opened.stopTrying();
      stopKeeping();
      await stop(server, edge, next?.close ?? (async () => undefined));
    };
    return { address, edge, close };
  } catch (error) {
    opened.stopTrying();
    stopKeeping();
    live.stop();
    streams.close();
    await next?.close();
    store.close();
    throw error;
  }
}

async function startAgent(edge: Edge, { config, host }: WebOptions): Promise<NetServer | null> {
  const port = config.feed.haproxy_port;
  if (port === null) return null;
  const agent = haproxyAgent(edge);
  await listen(agent, host, port);
  return agent;
}

async function startPages(
  edge: Edge,
  options: WebOptions,
): Promise<{ render: Render; close(): Promise<void> } | null> {
  const dir = options.nextDir === undefined ? projectDir : options.nextDir;
  if (dir === null) return null;
  const next = await startNext(dir, options.isDev ?? false).catch((cause: unknown) => {
    throw new WebProblem(
      'not_built',
      'The pages are not built yet: run "npm run build" once, or "npm start".',
      cause,
    );
  });
  edge.assets.addFolder(join(dir, '.next', 'static'), '/_next/static', true);
  edge.assets.addFolder(join(dir, 'app', '_ui', 'public'), '', false);
  edge.assets.add('/robots.txt', Buffer.from(robots(edge.url)), 'public, max-age=300');
  edge.assets.addFile('/live.js', join(dir, 'app', '_ui', 'live.js'));
  edge.pages = new Pages({
    render: next.render,
    live: edge.live,
    assets: edge.assets,
    nowMs: edge.nowMs,
    shelf: options.dataDir === null ? null : diskShelf(join(options.dataDir, 'pages'), edge.nowMs),
    headers: edge.pageHeaders,
    onTrouble: (path, error) =>
      edge.log.warn({ path, error }, 'a page could not be rendered; its last copy is served'),
  });
  edge.live.onChange(() => void edge.pages?.warm());
  return next;
}

function sealerOf({ dataDir, secret }: WebOptions): Sealer | null {
  return dataDir === null ? null : openSealer({ secret, file: join(dataDir, secretFileName) });
}

const waitable = ['missing', 'not_migrated', 'locked'];
/** A file the worker has only just made is empty for a moment. */
const waitableAtFirst = 'empty_file';
const firstTries = 60;

interface Opened {
  store: Store;
  /** False while the last picture stands in for it. */
  isReal(): boolean;
  stopTrying(): void;
}

const againMs = 1_000;

/** The store, or the last picture of it until it can be opened. */
async function openedStore(options: WebOptions, nowMs: () => number): Promise<Opened> {
  const found = await waitForStore(options, () => lastKnown(options.dataDir, nowMs));
  if (!found.trouble) return { store: found.store, isReal: () => true, stopTrying: () => {} };
  options.log.error({ error: found.trouble }, 'the store cannot be opened; the last picture is served');
  const { store, exchange } = exchangeable(found.store);
  let isReal = false;
  const timer = setInterval(() => {
    try {
      exchange(options.openStore());
    } catch {
      return;
    }
    isReal = true;
    clearInterval(timer);
    options.log.info({}, 'the store is open again');
  }, againMs);
  return { store, isReal: () => isReal, stopTrying: () => clearInterval(timer) };
}

/** So long the worker is waited for before the last picture stands in. */
const patientTries = 40;

/** The worker makes and migrates the store; until then the web waits and says so once. */
async function waitForStore(
  { openStore, log }: WebOptions,
  standIn: () => Store | null,
): Promise<{ store: Store; trouble?: unknown }> {
  for (let tries = 0; ; tries += 1) {
    try {
      return { store: openStore() };
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const isBeingMade = code === waitableAtFirst && tries < firstTries;
      const isWaitable = isBeingMade || (typeof code === 'string' && waitable.includes(code));
      const store = !isWaitable || tries >= patientTries ? standIn() : null;
      if (store) return { store, trouble: error };
      if (!isWaitable) throw error;
      if (tries === 8) log.info({ code }, 'waiting for the worker to prepare the store');
      await new Promise((done) => setTimeout(done, tries < 40 ? 50 : 500));
    }
  }
}

async function stop(server: Server, edge: Edge, closeNext: () => Promise<void>): Promise<void> {
  edge.live.stop();
  edge.streams.close();
  edge.traces.close();
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
  await closeNext();
  setWeb(null);
  edge.store.close();
}
