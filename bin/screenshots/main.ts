import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { projectDir } from '#app/_edge/main.ts';
import { type SceneName, sceneNames } from '#lib/testing/scene.ts';
import { openBrowser } from './browser.ts';
import { serveScene } from './serve.ts';

/**
 * Pictures of the pages in every situation: `npm run screenshots -- [folder] [scene]`. The one of the README is kept in
 * deploy/.
 */
const widths = [390, 820, 1440];
const themes = ['light', 'dark'] as const;
const pages: Record<string, string> = {
  overview: '/',
  incidents: '/incidents',
  provider: '/providers/deepinfra',
  model: '/models/meta-llama~llama-3.3-70b-instruct',
  explain: '/explain?status=401&message=User%20not%20found.',
  subscribe: '/subscribe',
  methodology: '/methodology',
  compare: '/compare',
};

const folder = resolve(
  process.env.INIT_CWD ?? process.cwd(),
  process.argv[2] ?? join(projectDir, 'node_modules', '.cache', 'screenshots'),
);
const chosen = sceneNames.filter((name) => !process.argv[3] || name === process.argv[3]);
mkdirSync(folder, { recursive: true });

const browser = await openBrowser();
let taken = 0;
for (const scene of chosen) taken += await shootScene(browser, scene);
await browser.close();
console.log(`${taken} pictures in ${folder}`);

async function shootScene(browser: Browser, scene: SceneName): Promise<number> {
  const web = await serveScene(scene, Date.now());
  const base = `http://127.0.0.1:${web.address.port}`;
  const paths = scene === 'partial' ? pages : { overview: '/' };
  let count = 0;
  for (const [name, path] of Object.entries(paths))
    for (const width of widths)
      for (const theme of themes) {
        await shoot(browser, `${base}${path}`, {
          width,
          theme,
          file: join(folder, `${scene}-${name}-${width}-${theme}.png`),
        });
        count++;
      }
  if (scene === 'partial')
    await shoot(browser, base, {
      width: 1_200,
      theme: 'light',
      file: join(projectDir, 'deploy', 'screenshot.png'),
      height: 900,
    });
  await web.close();
  return count;
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
  if (/\/(providers|models)\//.test(url)) await page.waitForSelector('.recharts-surface');
  await page.waitForTimeout(150);
  await page.screenshot({ path: file, fullPage: height === undefined });
  await context.close();
}
