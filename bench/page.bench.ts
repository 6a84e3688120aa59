import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import type { EdgeUnderTest } from '#lib/testing/running-edge.ts';
import { makeScene } from '#lib/testing/scene.ts';
import { openBrowser } from '../bin/screenshots/browser.ts';
import { startSite } from '../e2e/site.ts';
import { jsonLines } from './child-lines.ts';
import { type Print, quantile } from './figure.ts';
import { startFilled } from './page/filled-site.ts';
import { startTwin } from './page/static-twin.ts';

/** What a visitor pays: bytes, requests, first paint, the server's time, and how soon a change is on an open page. */
export const name = 'page';

const renders = 60;
const paints = 15;
const restMs = 300;
const changes = 5;

export async function run(print: Print): Promise<void> {
  if (!existsSync(join(projectDir, '.next', 'BUILD_ID')))
    return print({ figure: 'skipped', value: 0, unit: '', note: 'the pages are not built: npm run build' });
  await serverTime(print);
  const browser = await openBrowser();
  try {
    await besideBrowser(browser, print);
    const site = await startSite('calm');
    try {
      await changeOnPage(browser, site, print);
    } finally {
      await site.stop();
    }
  } finally {
    await browser.close();
  }
}

async function besideBrowser(browser: Browser, print: Print): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./page/site-alone.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { url } = (await jsonLines(child)()) as { url: string };
    await weights(browser, url, print);
    await firstPaint(browser, url, print);
  } finally {
    child.kill();
  }
}

async function serverTime(print: Print): Promise<void> {
  const { site, stop } = await startFilled(100, 90);
  try {
    const { pages } = site.web.edge;
    const times: number[] = [];
    const spent = process.cpuUsage();
    for (let i = 0; i < renders + 5; i++) {
      const from = performance.now();
      const { status } = (await pages?.fresh('/', {})) ?? { status: 0 };
      if (status !== 200) throw new Error(`the overview answered ${status}`);
      if (i >= 5) times.push(performance.now() - from);
    }
    print({
      figure: 'overview uncached, 100 targets × 90 days, p95',
      value: quantile(times, 0.95),
      unit: 'ms',
      limit: 50,
    });
    print({
      figure: 'overview uncached, 100 targets × 90 days, median',
      value: quantile(times, 0.5),
      unit: 'ms',
    });
    const { user, system } = process.cpuUsage(spent);
    print({
      figure: 'overview uncached, processor time each',
      value: (user + system) / 1_000 / (renders + 5),
      unit: 'ms',
    });
  } finally {
    await stop();
  }
}

async function weigh(
  browser: Browser,
  url: string,
  isScripted: boolean,
  isScrolled = false,
): Promise<{ bytes: number; requests: number }> {
  const context = await browser.newContext({ javaScriptEnabled: isScripted });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (!request.url.startsWith('data:')) requests++;
  });
  session.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto(url);
  if (isScrolled) await drawCharts(page);
  await page.waitForTimeout(1_500);
  await context.close();
  return { bytes, requests };
}

/** What draws charts is fetched when they come near. */
async function drawCharts(page: Page): Promise<void> {
  for (const chart of await page.locator('#charts figure > section').all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.recharts-surface').first().waitFor({ timeout: 10_000 });
  }
}

async function weights(browser: Browser, url: string, print: Print): Promise<void> {
  const plain = await weigh(browser, url, false);
  const whole = await weigh(browser, url, true);
  const chart = await weigh(browser, `${url}/providers/deepinfra`, true);
  const drawn = await weigh(browser, `${url}/providers/deepinfra`, true, true);
  print({ figure: 'overview over the wire, everything', value: whole.bytes / 1_000, unit: 'kB', limit: 60 });
  print({ figure: 'overview, requests', value: whole.requests, unit: '', limit: 10 });
  print({
    figure: 'overview over the wire, without scripts',
    value: plain.bytes / 1_000,
    unit: 'kB',
    limit: 60,
  });
  print({
    figure: 'chart page over the wire, all charts drawn',
    value: drawn.bytes / 1_000,
    unit: 'kB',
    limit: 300,
    note: `${drawn.requests} requests`,
  });
  print({
    figure: 'chart page over the wire, before anybody scrolls to the charts',
    value: chart.bytes / 1_000,
    unit: 'kB',
    limit: 300,
    note: `${chart.requests} requests`,
  });
}

async function firstPaint(browser: Browser, url: string, print: Print): Promise<void> {
  const html = await (await fetch(url)).text();
  const paths = [...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js))"/g)].map((m) => m[1] as string);
  const files = await Promise.all(
    ['/', ...new Set(paths)].map(async (path) => {
      const response = await fetch(url + path);
      const body = Buffer.from(await response.arrayBuffer());
      return { path, body, type: response.headers.get('content-type') ?? '' };
    }),
  );
  const twin = await startTwin(files);
  if (!twin) return print({ figure: 'first paint', value: 0, unit: '', note: 'nginx is not installed' });
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < paints; i++) {
      ours.push(await paintMs(browser, url));
      theirs.push(await paintMs(browser, twin.url));
    }
    const ratio = quantile(ours, 0.5) / quantile(theirs, 0.5);
    print({ figure: 'first contentful paint, median', value: quantile(ours, 0.5), unit: 'ms', ratio });
    print({
      figure: 'first contentful paint against nginx with the same bytes',
      value: ratio,
      unit: 'times',
      limit: 1.2,
    });
  } finally {
    twin.stop();
  }
}

async function paintMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  // The browser is open before anybody visits: else whoever comes second waits for the end of the one before.
  await page.waitForTimeout(restMs);
  await page.goto(url);
  const at = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  const ms = (await at.jsonValue()) ?? 0;
  await context.close();
  return ms;
}

async function changeOnPage(browser: Browser, site: EdgeUnderTest, print: Print): Promise<void> {
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.waitForTimeout(500);
  const times: number[] = [];
  for (let i = 0; i < changes; i++) {
    const verdict = i % 2 === 0 ? 'major_outage' : 'operational';
    const { facts } = makeScene(i % 2 === 0 ? 'major' : 'calm', site.nowMs());
    const from = performance.now();
    site.store.looks.advance(site.nowMs(), () => ({
      ...emptyPlan,
      components: facts.components,
      routes: facts.routes,
    }));
    await page.waitForSelector(`main[data-verdict=${verdict}]`, { timeout: 10_000 });
    times.push(performance.now() - from);
    await page.waitForTimeout(300);
  }
  await page.close();
  print({
    figure: 'a change is on an open page, median',
    value: quantile(times, 0.5),
    unit: 'ms',
    limit: 1_000,
  });
  print({
    figure: 'a change is on an open page, slowest',
    value: Math.max(...times),
    unit: 'ms',
    limit: 1_000,
  });
}
