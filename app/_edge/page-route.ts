import type { IncomingMessage } from 'node:http';
import type { Edge } from './edge.ts';
import type { Hot } from './fast-path.ts';
import type { Exchange } from './guard.ts';
import { pageLine } from './page-lines.ts';
import { languages } from './pages.ts';
import { readParameters } from './parameters.ts';
import type { Prepared } from './prepared.ts';
import { Problem, type Reply, text } from './reply.ts';
import { statusLines } from './routes/status.ts';

const notPages =
  /^\/(?:_next|_f|api|schemas)\/|^\/(?:zh\/)?admin(?:\/|$)|^\/(?:subscriptions|acknowledge)(?:\/|$)/;

/** Pages and files. What a page's line does not list is ignored and never reflected. */
export async function answerPage(exchange: Exchange, path: string, search: string): Promise<Reply | Hot> {
  const { edge } = exchange;
  if ((path === '/' || path === '/zh') && isTerminal(exchange.req)) return terminalLines(edge, path, search);
  const file = edge.assets.get(path);
  if (file) return { prepared: file, renew: () => edge.assets.get(path) };
  if (!edge.pages || notPages.test(path) || path.includes('//') || /[^\x21-\x7e]/.test(path))
    throw new Problem('not-found', 'there is nothing at this address');
  if (path.length > 1 && path.endsWith('/')) return redirect(path.replace(/\/+$/, '') + search);
  if (path === '/en' || path.startsWith('/en/')) return redirect((path.slice(3) || '/') + search);
  const { pages } = edge;
  const listed = listedSearch(path, search);
  const kept = await pages.page(path, listed);
  if (kept.status === 200) {
    const renew = async () => {
      const next = await pages.page(path, listed);
      return next.status === 200 ? next.prepared : null;
    };
    return { prepared: kept.prepared, renew };
  }
  return notFoundPage(edge, kept);
}

function terminalLines(edge: Edge, path: string, search: string): Reply {
  const watch = watchOf(path, search);
  const lines = statusLines(edge, { ...(watch ? { watch } : {}), lang: path === '/zh' ? 'zh' : 'en' });
  return text(`${lines.join('\n')}\n`, { vary: 'Accept, User-Agent' });
}

/** What the address asks to be told of, checked as the page's own line checks it. */
function watchOf(path: string, search: string): string | undefined {
  return new URLSearchParams(listedSearch(path, search)).get('watch') ?? undefined;
}

/** `curl https://…/` answers a person at a terminal. */
function isTerminal({ headers }: IncomingMessage): boolean {
  return (
    /^(curl|wget|httpie|xh)\//i.test(headers['user-agent'] ?? '') &&
    !String(headers.accept ?? '').includes('text/html')
  );
}

function notFoundPage(edge: Edge, kept: { status: number; prepared: Prepared }): Reply {
  return {
    status: kept.status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      ...edge.pageHeaders({}),
    },
    body: kept.prepared.body,
  };
}

function redirect(to: string): Reply {
  return { status: 308, headers: { location: to.replace(/^\/+/, '/') }, body: null };
}

/** The parameters the page's line lists, sorted, valid ones only: a key for the cache. */
export function listedSearch(path: string, search: string): string {
  if (search.length < 2) return '';
  const language = languages.find((l) => path.startsWith(`/${l}/`) || path === `/${l}`);
  const { query } = pageLine(language ? path.slice(language.length + 1) || '/' : path);
  const listed = [...new URLSearchParams(search)].filter(([name, value]) => {
    if (!Object.hasOwn(query, name)) return false;
    try {
      readParameters(`?${new URLSearchParams([[name, value]])}`, query);
      return true;
    } catch {
      return false;
    }
  });
  const sorted = [...new Map(listed)].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '' : `?${new URLSearchParams(sorted)}`;
}
