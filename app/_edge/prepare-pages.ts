import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edge } from './edge.ts';
import { WebProblem } from './listen.ts';
import { Pages } from './pages.ts';
import { type Render, startNext } from './render.ts';
import { robots } from './robots.ts';
import { diskShelf } from './shelf.ts';

export interface PagesOptions {
  /** Where `.next` is; null serves no pages (an API alone). */
  nextDir?: string | null;
  /** Folder for last good copies; null keeps them in memory only. */
  dataDir: string | null;
  isDev?: boolean;
}

const breathMs = 50;

export const projectDir = fileURLToPath(new URL('../..', import.meta.url));

export interface Rendering {
  begin(): Promise<void>;
  close(): Promise<void>;
}

/** What routers ask for needs no page: Next is loaded once the socket is open, and whoever wants a page waits for it. */
export function preparePages(edge: Edge, options: PagesOptions): Rendering {
  const { nextDir: dir = projectDir, dataDir } = options;
  if (dir === null) return { begin: async () => undefined, close: async () => undefined };
  const isDev = options.isDev ?? false;
  const buildId = isDev ? 'dev' : readBuildId(dir);
  let timer: NodeJS.Timeout | undefined;
  const begun = Promise.withResolvers<void>();
  const next = begun.promise.then(() => startNext(dir, isDev)).catch((cause) => notBuilt(cause));
  next.catch(() => undefined);
  edge.assets.addFolder(join(dir, '.next', 'static'), '/_next/static', true);
  edge.assets.addFolder(join(dir, 'app', '_ui', 'public'), '', false);
  edge.assets.add('/robots.txt', Buffer.from(robots(edge.url)), 'public, max-age=300');
  for (const name of ['live.js', 'search.js', 'tell.js'])
    edge.assets.addFile(`/${name}`, join(dir, 'app', '_ui', name));
  const render: Render = async (...asked) => {
    begun.resolve();
    return (await next).render(...asked);
  };
  edge.pages = new Pages({
    render,
    live: edge.live,
    assets: edge.assets,
    nowMs: edge.nowMs,
    shelf: dataDir === null ? null : diskShelf(join(dataDir, 'pages'), edge.nowMs),
    of: () => shownOf(edge, buildId),
    headers: edge.pageHeaders,
    onTrouble: (path, error) =>
      edge.log.warn({ path, error }, 'a page could not be rendered; its last copy is served'),
  });
  edge.live.onChange(() => void edge.pages?.warm());
  return {
    begin: async () => {
      // Loading blocks: whoever waited for the socket is answered first.
      timer = setTimeout(begun.resolve, breathMs);
      await next;
    },
    close: async () => {
      clearTimeout(timer);
      begun.reject(new Error('closed before it began'));
      await next.then((one) => one.close()).catch(() => undefined);
    },
  };
}

function readBuildId(dir: string): string {
  try {
    return readFileSync(join(dir, '.next', 'BUILD_ID'), 'utf8');
  } catch (cause) {
    return notBuilt(cause);
  }
}

function notBuilt(cause: unknown): never {
  throw new WebProblem(
    'not_built',
    'The pages are not built yet: run "npm run build" once, or "npm start".',
    cause,
  );
}

/** Decisions, settings and build that a page shows: equal words, equal page but for the clock. Expired figures have none. */
function shownOf({ live, settings }: Edge, buildId: string): string | null {
  const { epoch, seq, isExpired } = live.facts();
  if (isExpired) return null;
  return createHash('sha256')
    .update(JSON.stringify([epoch, seq, settings, buildId]))
    .digest('base64url');
}
