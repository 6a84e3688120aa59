import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { type SceneName, sceneNames } from '#lib/testing/scene.ts';
import { everyPage } from '../../e2e/every-page.ts';
import { openBrowser } from './browser.ts';
import { serveScene } from './serve.ts';

/**
 * Pictures of the pages in every situation: `npm run screenshots -- [folder] [scene]`. The one of the README is kept in
 * deploy/.
 */
const widths = [390, 820, 1440];
const themes = ['light', 'dark'] as const;

export async function main([where, only]: string[]): Promise<number> {
  const folder = resolve(
    process.env.INIT_CWD ?? process.cwd(),
    where ?? join(projectDir, 'node_modules', '.cache', 'screenshots'),
  );
  const chosen = sceneNames.filter((name) => only === undefined || name === only);
  if (chosen.length === 0) {
    console.error(`There is no scene ${only}: one of ${sceneNames.join(', ')}.`);
    return 2;
  }
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  let taken = 0;
  try {
    for (const scene of chosen) taken += await shootScene(browser, scene, folder);
  } catch (error) {
    // Next takes what nobody caught for its own and lives on.
    console.error(error);
    return 1;
  } finally {
    await browser.close();
  }
  console.log(`${taken} pictures in ${folder}`);
  return 0;
}

async function shootScene(browser: Browser, scene: SceneName, folder: string): Promise<number> {
  let count = 0;
  for (const path of pathsOf(scene)) {
    // A scene stands still: begun anew for each page, it is not yet out of date on any picture.
    const web = await serveScene(scene, Date.now());
    try {
      const base = `http://127.0.0.1:${web.address.port}`;
      for (const width of widths)
        for (const theme of themes) {
          const file = join(folder, `${scene}-${nameOf(path)}-${width}-${theme}.png`);
          await shoot(browser, base + path, { width, theme, file });
          count++;
        }
      if (scene === 'partial' && path === '/') await shoot(browser, base, readmePicture);
    } finally {
      await web.close();
    }
  }
  return count;
}

const readmePicture: Shot = {
  width: 1_200,
  theme: 'light',
  file: join(projectDir, 'deploy', 'screenshot.png'),
  height: 900,
};

/** Every page while something is wrong; in the other situations those that look different then. */
function pathsOf(scene: SceneName): string[] {
  if (scene === 'partial') return everyPage;
  const incident = scene === 'major' ? ['/incidents/inc_major', '/chains/chat'] : [];
  return ['/', '/zh', '/gateways/openrouter', '/incidents', '/compare', '/embed/status', ...incident];
}

function nameOf(path: string): string {
  return path === '/'
    ? 'overview'
    : path
        .slice(1)
        .replace(/[^a-z0-9]+/gi, '-')
        .slice(0, 40);
}

interface Shot {
  width: number;
  theme: 'light' | 'dark';
  file: string;
  /** Absent: the whole page. */
  height?: number;
}

async function shoot(browser: Browser, url: string, { width, theme, file, height }: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: height ?? 900 },
    colorScheme: theme,
  });
  const page = await context.newPage();
  await page.goto(url);
  if (/\/(providers|models|routes|chains)\//.test(url)) await chartsOf(page);
  await page.waitForTimeout(150);
  await page.screenshot({ path: file, fullPage: height === undefined });
  await context.close();
}

async function chartsOf(page: Page): Promise<void> {
  // Until charts come near, a renewal exchanges the whole page.
  await page.evaluate(() => document.querySelector('#charts')?.scrollIntoView());
  await page.waitForSelector('html[data-ready]', { timeout: 10_000 }).catch(() => undefined);
  for (const chart of await page.locator('#charts figure > section').all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart
      .locator('.recharts-surface')
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => undefined);
  }
  await page.evaluate(() => scrollTo(0, 0));
}
