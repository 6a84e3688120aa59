import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { emptyPlan } from '#lib/core/plan.ts';
import type { EdgeUnderTest } from '#lib/testing/running-edge.ts';
import { incident } from '#lib/testing/scene.ts';
import { openBrowser } from '../bin/screenshots/browser.ts';
import { keepBeating, startSite } from './site.ts';

const hostile = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror="window.pwned=1">',
  "javascript:window.pwned=1//'",
  '\u202eexe.tnemucod\u202c \u2066left\u2069',
  '😀'.repeat(40),
  'x'.repeat(10_000),
  '</title></main><style>*{display:none}</style>',
  '{{7*7}} ${7*7} <%= 7*7 %>',
].join(' ');

vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
let rest: () => void;
let site: EdgeUnderTest;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite('calm'), openBrowser()]);
  rest = keepBeating(site);
  const now = site.nowMs();
  const bad = {
    ...incident(
      'inc_bad',
      { kind: 'provider', id: 'groq' },
      'major_outage',
      now - 60_000,
      null,
      `Groq ${hostile}`,
      hostile,
    ),
    timeline: [{ atMs: now, kind: 'note' as const, text: hostile, by: hostile }],
  };
  bad.evidence.sample = { status: 502, message: hostile, provider: hostile, target: hostile };
  bad.evidence.witnesses = [{ component: hostile, status: hostile, leadMs: 1 }];
  bad.affected = [`route:${hostile}`, hostile];
  const facts = site.scene.facts;
  site.store.looks.advance(now, () => ({
    ...emptyPlan,
    incidents: [bad],
    components: facts.components.map((c) => ({ ...c, reason: hostile })),
    routes: facts.routes.map((r) => ({ ...r, reason: hostile })),
  }));
}, 60_000);
afterAll(async () => {
  rest?.();
  await browser?.close();
  await site?.stop();
});

describe('text from outside', () => {
  it.each([
    '/',
    '/providers/groq',
    '/models/meta-llama~llama-3.3-70b-instruct',
    '/incidents',
    '/incidents/inc_bad',
    '/embed/status',
    '/subscribe?incident=inc_bad',
    `/?watch=${encodeURIComponent('<img src=x onerror=window.pwned=1>')}`,
    `/explain?answer=G3&provider=${encodeURIComponent('<script>window.pwned=1</script>')}`,
  ])('P4: is only text on %s', async (path) => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(site.url + path);
    await page.waitForTimeout(250);
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    expect(await page.locator('img[src=x], main style, main script:not([src])').count()).toBe(0);
    expect(asked.filter((url) => !url.startsWith(site.url) && !url.startsWith('data:'))).toEqual([]);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.locator('main').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.close();
  });
});
