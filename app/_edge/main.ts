import type { Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { type DemoStripSettings, setWeb } from '#app/_data/web.ts';
import { noOrigins, type Origins } from '#lib/config/origins.ts';
import type { Config } from '#lib/config/schema.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { createSubscribeLimits } from '#lib/ops/subscribe-limits.ts';
import { openSealer, type Sealer, secretFileName } from '#lib/seal.ts';
import { openSigner } from '#lib/signing.ts';
import { trustsOf } from './address.ts';
import { adminFacts } from './admin-facts.ts';
import { Assets } from './assets.ts';
import { bareStreams } from './bare-stream.ts';
import type { Edge } from './edge.ts';
import type { Guard, GuardTable } from './guard.ts';
import { guards } from './guards.ts';
import { haproxyAgent } from './haproxy-agent.ts';
import { listen } from './listen.ts';
import { Live } from './live.ts';

import { openApi } from './openapi.ts';
import { openedStore, type StoreOptions } from './opened-store.ts';
import { answerPage } from './page-route.ts';
import { createPasted } from './pasted.ts';
import { plannedWindows } from './planned.ts';
import { type PagesOptions, preparePages } from './prepare-pages.ts';
import { RateLimits } from './rate-limits.ts';
import { createReports } from './reports.ts';
import { Router } from './router.ts';
import { pageHeaders } from './security.ts';
import { makeServer } from './server.ts';
import { chainsOf, settingsOf } from './settings.ts';
import { keepPicture } from './stand-in.ts';
import { Streams } from './streams.ts';
import { Traces } from './traces.ts';
import { Views } from './views.ts';

export interface WebOptions extends StoreOptions, PagesOptions {
  config: Config;
  /** Absent: everything is taken for a default. */
  origins?: Origins;
  host: string;
  port: number;
  adminToken: string | null;
  /** SIGNALBOX_SECRET; absent: the key file in the data folder. */
  secret?: string | undefined;
  nowMs?: () => number;
  /** Further addresses, and a strip on every page: the demo. */
  extraGuards?: GuardTable;
  demo?: DemoStripSettings;
}

export interface RunningWeb {
  address: { host: string; port: number };
  edge: Edge;
  /** Until then pages wait and everything else is answered; it fails when no page can ever be rendered. */
  pagesReady: Promise<void>;
  close(): Promise<void>;
}

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
    pageHeaders: (line) =>
      pageHeaders(line, { isHttps: url?.startsWith('https://') ?? false, logo: settings.logo }),
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
  const pages = preparePages(edge, options);
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
    const pagesReady = pages.begin();
    pagesReady.catch(() => undefined);
    const close = async () => {
      agent?.close();
      opened.stopTrying();
      stopKeeping();
      await stop(server, edge, pages.close);
    };
    return { address, edge, pagesReady, close };
  } catch (error) {
    opened.stopTrying();
    stopKeeping();
    live.stop();
    streams.close();
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

function sealerOf({ dataDir, secret }: WebOptions): Sealer | null {
  return dataDir === null ? null : openSealer({ secret, file: join(dataDir, secretFileName) });
}

async function stop(server: Server, edge: Edge, closePages: () => Promise<void>): Promise<void> {
  edge.live.stop();
  edge.streams.close();
  edge.traces.close();
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
  await closePages();
  setWeb(null);
  edge.store.close();
}
