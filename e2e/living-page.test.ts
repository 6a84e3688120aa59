import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyPlan } from '#lib/core/plan.ts';
import { adminToken, type EdgeUnderTest } from '#lib/testing/running-edge.ts';
import { makeScene } from '#lib/testing/scene.ts';
import { openBrowser } from '../bin/screenshots/browser.ts';
import { startSite, watchForTrouble, whenLive } from './site.ts';

vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
let site: EdgeUnderTest;

beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());
beforeEach(async () => {
  site = await startSite('calm');
});
afterEach(() => site.stop());

function become(name: 'major' | 'calm'): void {
  const { facts, incidents } = makeScene(name, site.nowMs());
  const over = { status: 'resolved' as const, resolvedAtMs: site.nowMs() };
  const known =
    name === 'major' ? incidents : [{ ...makeScene('major', site.nowMs()).incidents[0]!, ...over }];
  site.store.looks.advance(site.nowMs(), () => ({
    ...emptyPlan,
    components: facts.components,
    routes: facts.routes,
    incidents: known,
    guard: facts.guard,
  }));
}

describe('an open page', () => {
  it('tells of an outage by itself, in title and sentence, and of its end', async () => {
    const page = await browser.newPage();
    await page.goto(site.url);
    expect(await page.locator('h1').innerText()).toContain('Everything we check works');
    become('major');
    await page.waitForFunction(
      () => document.querySelector('h1')?.textContent?.includes('OpenRouter is down'),
      null,
      {
        timeout: 5_000,
      },
    );
    expect(await page.title()).toContain('Outage');
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('M1 1h14v14H1z');
    become('calm');
    await page.waitForFunction(
      () => document.querySelector('h1')?.textContent?.includes('Everything we check works'),
      null,
      {
        timeout: 5_000,
      },
    );
    await page.close();
  });

  it('exchanges the state on a page with charts and leaves the charts alone', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/providers/azure`);
    await page.locator('#charts').scrollIntoViewIfNeeded();
    await page.waitForSelector('html[data-ready]');
    await page.evaluate(() => document.querySelector('#charts')?.setAttribute('data-mark', 'mine'));
    become('major');
    await page.waitForFunction(
      () => document.querySelector('main h1 + p')?.textContent?.includes('Unknown'),
      null,
      {
        timeout: 5_000,
      },
    );
    expect(await page.locator('#charts[data-mark=mine]').count()).toBe(1);
    await page.close();
  });

  it('fetches what draws charts when they come near, and then for the state that is shown', async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 600 },
      timezoneId: 'Asia/Kathmandu',
    });
    const page = await context.newPage();
    const troubles = watchForTrouble(page);
    const scripts: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
    });
    await page.goto(`${site.url}/providers/azure`);
    await whenLive(page);
    await page.locator('[data-clock]').click();
    become('major');
    const isHidden = () => document.querySelector('main h1 + p')?.textContent?.includes('Unknown');
    await page.waitForFunction(isHidden, null, { timeout: 5_000 });
    expect(scripts).toEqual(['/live.js']);
    const local = await page.locator('main time').first().innerText();
    await page.locator('#charts').scrollIntoViewIfNeeded();
    await page.waitForSelector('.recharts-surface');
    expect(await page.evaluate(isHidden)).toBe(true);
    expect(await page.locator('main time').first().innerText()).toBe(local);
    become('calm');
    await page.waitForFunction(
      () => !document.querySelector('main h1 + p')?.textContent?.includes('Unknown'),
      null,
      { timeout: 5_000 },
    );
    expect(await page.locator('.recharts-surface').count()).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  // Seen red while every page that did not show the incident took it for over.
  it('tells in this tab when an incident is over, and not because another page does not show it', async () => {
    site.store.incidents.add(makeScene('major', site.nowMs()).incidents[0]!, []);
    become('major');
    const context = await browser.newContext();
    // A name of a window outlives its pages.
    await context.addInitScript(() => {
      class Told {
        static requestPermission = async () => 'granted';
        constructor(title: string, { body }: { body: string }) {
          window.name += `${title}: ${body};`;
        }
      }
      Object.defineProperty(window, 'Notification', { value: Told });
    });
    const page = await context.newPage();
    await page.goto(site.url);
    await whenLive(page);
    await page.getByRole('link', { name: 'Tell me when it is over' }).click();
    await page.getByText('You will be told in this tab.').waitFor();
    const asked = page.waitForResponse('**/api/v1/incidents/inc_major');
    await page.goto(`${site.url}/incidents/openrouter-2026-02-17`);
    expect((await asked).status()).toBe(200);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.name)).toBe('');
    await page.goto(`${site.url}/providers/groq`);
    await whenLive(page);
    become('calm');
    await page.waitForFunction(() => window.name !== '', null, { timeout: 10_000 });
    expect(await page.evaluate(() => window.name)).toBe('It is over: OpenRouter is down;');
    await context.close();
  });

  it('is printed on white paper, whatever theme the screen has', async () => {
    const context = await browser.newContext({ colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(site.url);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark';
    });
    const inkOf = () => page.evaluate(() => getComputedStyle(document.body).color);
    expect(await inkOf()).toBe('rgb(233, 236, 240)');
    await page.emulateMedia({ media: 'print' });
    expect(await inkOf()).toBe('rgb(23, 26, 31)');
    await context.close();
  });

  it('turns grey by itself when it cannot be renewed, whatever the clock of the reader says', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install({ time: new Date('2031-05-05') });
    await page.goto(site.url);
    await page.waitForTimeout(300);
    expect(await page.locator('main[data-stale]').count()).toBe(0);
    await context.setOffline(true);
    await page.clock.runFor(95_000);
    await page.waitForSelector('main[data-stale]', { timeout: 5_000 });
    expect(await page.getByText('This page is out of date').isVisible()).toBe(true);
    await context.close();
  });

  // Seen red while only a stream that was closed for good made the page ask.
  it.each(['abort', 'silence'])('asks by itself where the stream cannot be had: %s', async (how) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    await page.route('**/api/v1/health/stream', (route) => (how === 'abort' ? route.abort() : undefined));
    const streamed = page.waitForRequest('**/api/v1/health/stream');
    await page.goto(site.url);
    await streamed;
    become('major');
    const changed = page.locator('main[data-verdict=major_outage]');
    for (let s = 0; s < 100 && (await changed.count()) === 0; s += 10) {
      await page.clock.runFor(10_000);
      await page.waitForTimeout(200);
    }
    await changed.waitFor({ timeout: 5_000 });
    await context.close();
  });

  it('says it knows nothing when the checker has stopped', async () => {
    site.setNow(site.nowMs() + 120_000);
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`${site.url}/?watch=chat`);
    expect(await page.locator('h1').innerText()).toContain('We have not been able to check since');
    expect(await page.getByText('Operational', { exact: true }).count()).toBe(0);
    await page.close();
  });
});

describe('without scripts', () => {
  it('the overview is complete, and so is the way to an explained error', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(site.url);
    for (const heading of [
      'OpenRouter',
      'Providers and models',
      'Chains',
      'Ninety days',
      'What the watching costs',
    ])
      expect(await page.getByRole('heading', { name: heading }).first().isVisible()).toBe(true);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(8);
    await page.getByRole('link', { name: 'Explain an error' }).click();
    await page.getByLabel('Status').fill('401');
    await page.getByLabel('Error text').fill('User not found.');
    await page.getByRole('button', { name: 'Explain' }).click();
    expect(await page.getByText('that has two meanings').first().isVisible()).toBe(true);
    await page.close();
  });

  it('a chart page gives its numbers as a table', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`${site.url}/providers/groq?range=1h`);
    await page.getByText('The same as a table').first().click();
    expect(await page.locator('#charts table').first().locator('tbody tr').count()).toBeGreaterThan(0);
    await page.close();
  });
});

describe('with the keyboard alone', () => {
  it('a model is found from anywhere', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/incidents`);
    await whenLive(page);
    await page.keyboard.press('/');
    await page.keyboard.type('llama-3.3');
    await page.waitForSelector('[data-search-list] a');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/models/meta-llama~llama-3.3-70b-instruct');
    await page.close();
  });

  it('the first stop leads past the head of the page', async () => {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main');
    await page.close();
  });

  it('theme and clock are kept from page to page', async () => {
    const context = await browser.newContext({ timezoneId: 'Asia/Kathmandu', colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(site.url);
    await whenLive(page);
    const utc = await page.locator('main time').first().innerText();
    await page.getByRole('button', { name: 'UTC' }).press('Enter');
    await page.getByRole('button', { name: 'Light or dark' }).press('Enter');
    expect(await page.locator('main time').first().innerText()).not.toBe(utc);
    await page.goto(`${site.url}/incidents`);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.getByRole('button', { name: 'Local' }).isVisible()).toBe(true);
    await context.close();
  });
});

describe('the reference of the API', () => {
  it('asks the running server from the page, parameters and all', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/zh/api`);
    const form = page.locator('form[data-try="/api/v1/health/targets/{id}"]');
    await page.locator('details', { has: form }).locator('summary').click();
    await form.locator('input[name=id]').fill('openrouter:groq:meta-llama~llama-3.3-70b-instruct');
    await form.getByRole('button').click();
    const output = form.locator('output');
    await output.filter({ hasText: '200' }).waitFor();
    expect(await output.innerText()).toContain('"provider": "groq"');
    await form.locator('input[name=id]').fill('nobody/knows?it');
    await form.getByRole('button').click();
    await output.filter({ hasText: '404' }).waitFor();
    await page.close();
  });
});

describe('the admin pages', () => {
  it('open with the token, and change what they say they change', async () => {
    site.store.incidents.add(makeScene('major', site.nowMs()).incidents[0]!, []);
    const page = await browser.newPage();
    await page.goto(`${site.url}/admin`);
    await page.getByLabel('Admin token').fill(adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).first().click();
    await page.getByText('acknowledged by admin').waitFor();
    for (const tab of [
      'Maintenance',
      'Channels',
      'Budget',
      'Accounts',
      'Targets',
      'Configuration',
      'Health',
      'Audit log',
    ]) {
      await page.getByRole('link', { name: tab, exact: true }).click();
      expect(await page.locator('main [aria-current=page]').innerText()).toBe(tab);
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    await page.close();
  });
});
