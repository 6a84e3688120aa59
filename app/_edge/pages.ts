import { createHash } from 'node:crypto';
import type { Assets } from './assets.ts';
import type { Live } from './live.ts';
import { type PageLine, pageLine } from './page-lines.ts';
import { Prepared } from './prepared.ts';
import type { Render, Rendered } from './render.ts';
import { withLaterScripts, withOneStylesheet, withoutScripts } from './strip-scripts.ts';

const mostPages = 2_000;
/** So long a reader waits for a new copy where there is an old one; where there is none, nothing better can come. */
const patienceMs = 2_000;
const longestMs = 10_000;
/** While only figures moved, this old a copy is served and a new one made behind it. */
const youngMs = 5_000;
const oldestMs = 15_000;
/** So many of the last pages are kept warm, and so long after somebody asked. */
const mostWarm = 4;
const warmMs = 60_000;
/** Tells the page its own address without the language, for the link to the other one. */
const pathHeader = 'x-signalbox-path';
export const languages = ['en', 'zh'] as const;

interface Kept {
  prepared: Prepared;
  status: number;
  substance: number;
  version: number;
  atMs: number;
}

export interface Shelved {
  html: Buffer;
  atMs: number;
  /** What it is a page of; null where the figures had expired. */
  of: string | null;
}

/** Copies that outlive the process, so that a page can be shown when nothing can be rendered. */
export interface PageShelf {
  put(key: string, copy: Pick<Shelved, 'html' | 'of'>): void;
  get(key: string): Shelved | null;
}

export class Pages {
  #render: Render;
  #live: Live;
  #assets: Assets;
  #pages = new Map<string, Kept>();
  #nowMs: () => number;
  #shelf: PageShelf | null;
  #of: () => string | null;
  #onTrouble: (path: string, error: unknown) => void;
  #headers: (line: PageLine) => Record<string, string>;
  renders = 0;
  /** When each page was last asked for: what people look at is made anew before the next one asks. */
  #askedAtMs = new Map<string, number>();
  #isWarming = false;
  #hasMade = false;

  constructor(options: {
    render: Render;
    live: Live;
    assets: Assets;
    nowMs: () => number;
    shelf: PageShelf | null;
    /** The same word for the same decisions and settings, in this process or the one before it. */
    of: () => string | null;
    headers: (line: PageLine) => Record<string, string>;
    onTrouble: (path: string, error: unknown) => void;
  }) {
    this.#render = options.render;
    this.#live = options.live;
    this.#assets = options.assets;
    this.#nowMs = options.nowMs;
    this.#shelf = options.shelf;
    this.#of = options.of;
    this.#headers = options.headers;
    this.#onTrouble = options.onTrouble;
  }

  /** `path` without a language prefix for English; `search` holds only what the page's line lists, sorted. */
  async page(path: string, search: string): Promise<{ status: number; prepared: Prepared }> {
    const key = path + search;
    this.#askedAtMs.delete(key);
    this.#askedAtMs.set(key, this.#nowMs());
    if (this.#askedAtMs.size > mostWarm)
      this.#askedAtMs.delete(this.#askedAtMs.keys().next().value as string);
    const kept = this.#pages.get(key) ?? this.#adopted(key, path);
    if (kept && kept.substance === this.#live.substance) {
      const ageMs = this.#nowMs() - kept.atMs;
      if (kept.version === this.#live.version || ageMs < youngMs) return kept;
      if (ageMs < oldestMs) {
        this.#remake(key, path, search).catch(() => undefined);
        return kept;
      }
    }
    const last = kept ?? this.#fromShelf(key, path);
    try {
      return await withPatience(this.#remake(key, path, search), last ? patienceMs : longestMs);
    } catch (error) {
      this.#onTrouble(path, error);
      if (last) return last;
      throw error;
    }
  }

  /** After a change: the pages asked for within the last minute are made again, one by one, and nobody waits for them. */
  async warm(): Promise<void> {
    if (this.#isWarming) return;
    this.#isWarming = true;
    try {
      for (const [key, atMs] of [...this.#askedAtMs].reverse()) {
        const isCurrent = this.#pages.get(key)?.substance === this.#live.substance;
        if (isCurrent || this.#nowMs() - atMs > warmMs) continue;
        const cut = key.indexOf('?');
        const [path, search] = cut < 0 ? [key, ''] : [key.slice(0, cut), key.slice(cut)];
        await this.#remake(key, path, search).catch(() => undefined);
      }
    } finally {
      this.#isWarming = false;
    }
  }

  /** Rendered for one reader and kept by nobody: admin and manage pages. */
  async fresh(path: string, headers: Record<string, string>): Promise<Rendered> {
    const rendered = await withPatience(this.#ask(path, headers), longestMs);
    return { ...rendered, body: this.#dress(rendered, pageLine(path)) };
  }

  isKept(key: string): boolean {
    const kept = this.#pages.get(key);
    return kept !== undefined && kept.version === this.#live.version;
  }

  /** Concurrent misses wait for the same one. */
  #making = new Map<string, Promise<Kept>>();

  #remake(key: string, path: string, search: string): Promise<Kept> {
    const known = this.#making.get(key);
    if (known) return known;
    const making = this.#make(key, path, search).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(key: string, path: string, search: string): Promise<Kept> {
    const { substance, version } = this.#live;
    const rendered = withSaidStatus(await this.#ask(path + search, {}));
    if (rendered.status >= 500)
      throw new Error(`the page ${path} could not be rendered (${rendered.status})`);
    const line = pageLine(path);
    const kept = this.#keep(rendered, this.#dress(rendered, line), line, { substance, version });
    await kept.prepared.ready;
    this.#hasMade = true;
    if (rendered.status !== 200) return kept;
    this.#pages.delete(key);
    this.#pages.set(key, kept);
    if (this.#pages.size > mostPages) this.#pages.delete(this.#pages.keys().next().value as string);
    if (search === '') this.#shelf?.put(key, { html: kept.prepared.body, of: this.#of() });
    return kept;
  }

  #keep(
    rendered: Pick<Rendered, 'status' | 'type'>,
    body: Buffer,
    line: PageLine,
    at: { substance: number; version: number; atMs?: number },
  ): Kept {
    const live = this.#live;
    const atMs = at.atMs ?? this.#nowMs();
    const nowMs = this.#nowMs;
    const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
    const prepared = new Prepared(body, {
      etag,
      headers: {
        'Content-Type': rendered.type,
        'Cache-Control': rendered.status === 200 ? pageCaching : 'no-store',
        ...this.#headers(line),
      },
      isFresh: () =>
        at.version === live.version || (at.substance === live.substance && nowMs() - atMs < youngMs),
    });
    return { prepared, status: rendered.status, substance: at.substance, version: at.version, atMs };
  }

  async #ask(path: string, headers: Record<string, string>): Promise<Rendered> {
    this.renders += 1;
    const language = languages.find(
      (l) => path === `/${l}` || path.startsWith(`/${l}/`) || path.startsWith(`/${l}?`),
    );
    const inner = language ? path : `/en${path === '/' ? '' : path.startsWith('/?') ? path.slice(1) : path}`;
    const here = language ? path.slice(language.length + 1) || '/' : path;
    const asked = { host: 'localhost', [pathHeader]: here.startsWith('/') ? here : `/${here}`, ...headers };
    return this.#render(inner, asked, AbortSignal.timeout(longestMs));
  }

  #dress(rendered: Rendered, line: PageLine): Buffer {
    if (!rendered.type.startsWith('text/html')) return rendered.body;
    const html = withOneStylesheet(rendered.body.toString(), (paths) => this.#assets.joinStyles(paths));
    const dressed = line.isHydrated
      ? withLaterScripts(html, (script) => this.#assets.keepScript(script))
      : withoutScripts(html);
    return Buffer.from(dressed);
  }

  /** The process before this one made it seconds ago of the very same decisions: it is as good as our own copy. */
  #adopted(key: string, path: string): Kept | null {
    // The moved scripts of a hydrated page were in that process's memory.
    if (this.#hasMade || pageLine(path).isHydrated) return null;
    const copy = this.#shelf?.get(key);
    const ageMs = copy ? this.#nowMs() - copy.atMs : -1;
    if (!copy || copy.of === null || copy.of !== this.#of() || ageMs < 0 || ageMs >= oldestMs) return null;
    const { substance } = this.#live;
    const kept = this.#keep(page, copy.html, pageLine(path), { substance, version: -1, atMs: copy.atMs });
    this.#pages.set(key, kept);
    return kept;
  }

  #fromShelf(key: string, path: string): Kept | null {
    const copy = this.#shelf?.get(key);
    if (!copy) return null;
    return this.#keep(page, copy.html, pageLine(path), { substance: -1, version: -1 });
  }
}

const page = { status: 200, type: 'text/html; charset=utf-8' };
export const pageCaching = 'public, max-age=5, s-maxage=5, stale-while-revalidate=30, stale-if-error=600';

/** A page that has nothing to show says so in its markup: Next's own way needs scripts to show anything. */
function withSaidStatus(rendered: Rendered): Rendered {
  return rendered.body.includes('data-status="404"') ? { ...rendered, status: 404 } : rendered;
}

function withPatience<T>(promise: Promise<T>, mostMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`rendering took longer than ${mostMs / 1_000} s`)),
      mostMs,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
