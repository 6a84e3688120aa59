import { expect, test } from 'vitest';
import { Assets } from './assets.ts';
import type { Live } from './live.ts';
import { listedSearch } from './page-route.ts';
import { type PageShelf, Pages, type Shelved } from './pages.ts';
import type { Render, Rendered } from './render.ts';
import { withLaterScripts, withOneStylesheet, withoutScripts } from './strip-scripts.ts';

const next =
  '<html><head><link rel="preload" as="script" href="/_next/a.js"/><link rel="stylesheet" href="/_next/a.css"/>' +
  '<script src="/_next/a.js" async=""></script></head><body><main>hello</main><script id="_R_">boot()</script>' +
  '<script src="/live.js" defer=""></script><script>self.__next_f.push([1,"x"])</script></body></html>';

test('a page without charts keeps our own script only, and its styles', () => {
  const html = withoutScripts(next);
  expect(html.match(/<script[^>]*>/g)).toEqual(['<script src="/live.js" defer="">']);
  expect(html).toContain('rel="stylesheet"');
  expect(html).not.toContain('as="script"');
});

test('a page with charts is plain at first, and names what draws them: first its own data, in one file and in order', () => {
  let kept = '';
  const html = withLaterScripts(next, (script) => {
    kept = script;
    return '/_f/1.js';
  });
  expect(html.match(/<script[^>]*>/g)).toEqual([
    '<script src="/live.js" data-later="/_f/1.js /_next/a.js" defer="">',
  ]);
  expect(html).not.toContain('as="script"');
  expect(kept.indexOf('boot()')).toBeLessThan(kept.indexOf('__next_f'));
});

test('several stylesheets become one at an address that names them, also where Next’s own data does', () => {
  const link = (name: string) =>
    `<link rel="stylesheet" href="/_next/static/chunks/${name}.css" data-precedence="next"/>`;
  const data = '<script>push(["/_next/static/chunks/b.css"])</script>';
  const assets = new Assets();
  for (const name of ['a', 'b'])
    assets.add(`/_next/static/chunks/${name}.css`, Buffer.from(`.${name}{}`), '');
  const html = withOneStylesheet(`${link('b')}${link('a')}${data}`, (paths) => assets.joinStyles(paths));
  expect(html).toBe(
    `<link rel="stylesheet" href="/_f/b.a.css" data-precedence="next"/>${data.replace('/_next/static/chunks/b.css', '/_f/b.a.css')}`,
  );
  expect(assets.get('/_f/b.a.css')?.body.toString()).toBe('.b{}\n.a{}');
  const later = new Assets();
  expect(later.get('/_f/b.a.css')).toBeNull();
  later.add('/_next/static/chunks/a.css', Buffer.from('.a{}'), '');
  expect(later.get('/_f/a.a.a.css')?.body.toString()).toBe('.a{}');
  expect(later.joinStyles(['/_next/static/chunks/a.css', '/elsewhere.css'])).toBeNull();
});

function rig(render: Render, shelf: PageShelf | null = null, of: string | null = 'same') {
  const live = { substance: 1, version: 1 };
  const clock = { ms: 1_000_000 };
  const troubles: unknown[] = [];
  const pages = new Pages({
    ...{ render, live: live as unknown as Live, assets: new Assets(), shelf },
    nowMs: () => clock.ms,
    of: () => of,
    headers: () => ({}),
    onTrouble: (_path, error) => troubles.push(error),
  });
  return { pages, live, clock, troubles };
}
const page = (text: string, status = 200): Rendered => ({
  status,
  type: 'text/html; charset=utf-8',
  location: null,
  body: Buffer.from(text),
});
const bodyOf = async (made: Promise<{ prepared: { body: Buffer } }>) => (await made).prepared.body.toString();

test('whoever comes at the same time waits for one rendering, and a change makes one more', async () => {
  let renders = 0;
  const { pages, live } = rig(async () => {
    renders += 1;
    await new Promise((done) => setTimeout(done, 20));
    return page(`number ${renders}`);
  });
  const first = await Promise.all(Array.from({ length: 50 }, () => bodyOf(pages.page('/', ''))));
  expect(new Set(first)).toEqual(new Set(['number 1']));
  live.substance = live.version = 2;
  const second = await Promise.all(Array.from({ length: 50 }, () => bodyOf(pages.page('/', ''))));
  expect(new Set(second)).toEqual(new Set(['number 2']));
});

test('while only figures moved the last copy is served and a new one made behind it', async () => {
  let renders = 0;
  const { pages, live, clock } = rig(async () => page(`number ${++renders}`));
  await pages.page('/', '');
  live.version = 2;
  expect(await bodyOf(pages.page('/', ''))).toBe('number 1');
  clock.ms += 6_000;
  expect(await bodyOf(pages.page('/', ''))).toBe('number 1');
  await new Promise((done) => setTimeout(done, 10));
  expect(await bodyOf(pages.page('/', ''))).toBe('number 2');
});

function memoryShelf(nowMs = () => 1_000_000): PageShelf {
  const kept = new Map<string, Shelved>();
  return {
    put: (key, copy) => void kept.set(key, { ...copy, atMs: nowMs() }),
    get: (key) => kept.get(key) ?? null,
  };
}

/** A shelf with one page on it, and a process after it that can render nothing yet. */
async function restarted({ of = 'same' as string | null, laterMs = 0, path = '/' } = {}) {
  const shelf = memoryShelf();
  await rig(async () => page('of before'), shelf).pages.page(path, '');
  const asked: string[] = [];
  const never: Render = (inner) => {
    asked.push(inner);
    return new Promise(() => {});
  };
  const after = rig(never, shelf, of);
  after.clock.ms += laterMs;
  const answered = await Promise.race([
    bodyOf(after.pages.page(path, '')),
    new Promise<string>((done) => setTimeout(done, 50, 'waits')),
  ]);
  return { answered, asked };
}

test('after a restart a page of the same decisions is given at once, and made anew behind it', async () => {
  const old = await restarted({ laterMs: 10_000 });
  expect(old.answered).toBe('of before');
  expect(old.asked).toEqual(['/en']);
});

test('after a restart a page of other decisions, of expired ones, of a quarter minute ago or with charts is waited for', async () => {
  expect((await restarted({ of: 'other' })).answered).toBe('waits');
  expect((await restarted({ of: null })).answered).toBe('waits');
  expect((await restarted({ laterMs: 15_000 })).answered).toBe('waits');
  expect((await restarted({ path: '/providers/groq' })).answered).toBe('waits');
});

test('once this process has made a page, it makes them all', async () => {
  const shelf = memoryShelf();
  const first = rig(async () => page('of before'), shelf);
  await first.pages.page('/', '');
  await first.pages.page('/incidents', '');
  const { pages } = rig(async () => page('of now'), shelf);
  expect(await bodyOf(pages.page('/', ''))).toBe('of before');
  await pages.page('/subscribe', '');
  expect(await bodyOf(pages.page('/incidents', ''))).toBe('of now');
});

test('when rendering fails the last good copy is served, from memory or from disk', async () => {
  let isBroken = false;
  const shelf = memoryShelf();
  const render: Render = async () => {
    if (isBroken) throw new Error('broken');
    return page('good');
  };
  const { pages, live, troubles } = rig(render, shelf);
  await pages.page('/', '');
  isBroken = true;
  live.substance = 2;
  expect(await bodyOf(pages.page('/', ''))).toBe('good');
  expect(troubles.length).toBe(1);
  const afterRestart = rig(render, shelf);
  expect(await bodyOf(afterRestart.pages.page('/', ''))).toBe('good');
  await expect(afterRestart.pages.page('/never-seen', '')).rejects.toThrow('broken');
});

test('what is not found is not kept, and a 500 is no page', async () => {
  let status = 404;
  const { pages } = rig(async () => page('x', status));
  expect((await pages.page('/nope', '')).status).toBe(404);
  expect(pages.isKept('/nope')).toBe(false);
  status = 500;
  await expect(pages.page('/nope', '')).rejects.toThrow();
});

test('a page’s key holds the listed parameters only, sorted, and nothing odd', () => {
  expect(listedSearch('/', '?utm=1&watch=b%2Ca&convention=strict')).toBe('?convention=strict&watch=b%2Ca');
  expect(listedSearch('/', '?convention=whatever&__proto__=1')).toBe('');
  expect(listedSearch('/zh', '?convention=lenient')).toBe('?convention=lenient');
});

test('a page is told its own address without the language, for the link to the other one', async () => {
  const told: (string | undefined)[] = [];
  const { pages } = rig(async (_path, headers) => {
    told.push(headers['x-signalbox-path']);
    return page('x');
  });
  await pages.page('/', '?watch=chat');
  await pages.page('/zh', '?watch=chat');
  await pages.page('/zh/sla', '');
  await pages.page('/sla', '?convention=strict');
  expect(told).toEqual(['/?watch=chat', '/?watch=chat', '/sla', '/sla?convention=strict']);
});

test('what somebody looked at within a minute is made again after a change, before anybody asks', async () => {
  const asked: string[] = [];
  const { pages, live, clock } = rig(async (path) => {
    asked.push(path);
    return page(path);
  });
  await pages.page('/', '');
  await pages.page('/zh', '');
  live.substance += 1;
  live.version += 1;
  await pages.warm();
  expect(asked.slice(2)).toEqual(['/zh', '/en']);
  await Promise.all([pages.page('/', ''), pages.page('/zh', ''), pages.warm()]);
  expect(asked).toHaveLength(4);
  clock.ms += 60_001;
  live.substance += 1;
  await pages.warm();
  expect(asked).toHaveLength(4);
});
