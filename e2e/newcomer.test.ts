import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EdgeUnderTest } from '#lib/testing/running-edge.ts';
import { openBrowser } from '../bin/screenshots/browser.ts';
import { codeWordsIn } from './code-words.ts';
import { everyPage } from './every-page.ts';
import { keepBeating, startSite, watchForTrouble } from './site.ts';

let site: EdgeUnderTest;
vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
let rest: () => void;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite('partial'), openBrowser()]);
  rest = keepBeating(site);
}, 60_000);
afterAll(async () => {
  rest?.();
  await browser?.close();
  await site?.stop();
});

async function violations(page: Page, rules: string[] | null): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const chosen = rules
    ? axe.withRules(rules)
    : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const found = await chosen.analyze();
  return found.violations.map((v) => `${v.id}: ${v.nodes[0]?.target} ${v.nodes[0]?.failureSummary}`);
}

describe('a newcomer', () => {
  it.each(everyPage)('finds %s sound, accessible in both themes, and fit for a phone', async (path) => {
    const isMissing = path === '/nowhere';
    const context = await browser.newContext({
      colorScheme: 'light',
      viewport: { width: 1_000, height: 800 },
    });
    try {
      const page = await context.newPage();
      const troubles = watchForTrouble(page);
      const response = await page.goto(site.url + path);
      expect(response?.status()).toBe(isMissing ? 404 : 200);
      if (path.includes('/providers')) {
        await page.locator('#charts').scrollIntoViewIfNeeded();
        await page.waitForSelector('.recharts-surface');
      }
      expect(await violations(page, null)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page, ['color-contrast'])).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.waitForFunction(() => document.documentElement.scrollWidth <= 360, null, { timeout: 3_000 });
      const text = await page.locator('body').innerText();
      if (path !== '/api') expect(codeWordsIn(text)).toEqual([]);
      expect(troubles.filter((t) => !(isMissing && t.includes('404')))).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
