import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { browserPath, browserSwitches } from '../bin/screenshots/browser.ts';
import { jsonLines } from './child-lines.ts';
import type { Print } from './figure.ts';

/**
 * Lighthouse's four categories on the overview, a provider and an incident. Lighthouse itself is no part of the
 * project (a hundred packages for one figure): `npm install lighthouse` in any folder, and LIGHTHOUSE names its
 * `node_modules/lighthouse/cli/index.js`.
 */
export const name = 'lighthouse';

const pages = ['/', '/providers/deepinfra', '/incidents/inc_part'];
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const least = 95;
const run1 = promisify(execFile);

export async function run(print: Print): Promise<void> {
  const cli = process.env.LIGHTHOUSE;
  if (!cli || !existsSync(cli))
    return print({ figure: 'skipped', value: 0, unit: '', note: 'LIGHTHOUSE names no lighthouse' });
  if (!existsSync(join(projectDir, '.next', 'BUILD_ID')))
    return print({ figure: 'skipped', value: 0, unit: '', note: 'the pages are not built: npm run build' });
  const alone = fileURLToPath(new URL('./page/site-alone.ts', import.meta.url));
  const child = spawn(process.execPath, [alone, 'partial'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const { url } = (await jsonLines(child)()) as { url: string };
    for (const path of pages) await measure(cli, url, path, print);
  } finally {
    child.kill();
  }
}

interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string }>;
}

async function measure(cli: string, url: string, path: string, print: Print): Promise<void> {
  const { stdout } = await run1(
    process.execPath,
    [
      ...[cli, url + path, '--output=json', '--quiet', `--only-categories=${categories.join(',')}`],
      `--chrome-flags=--headless=new ${browserSwitches.join(' ')}`,
    ],
    { env: { ...process.env, CHROME_PATH: await browserPath() }, maxBuffer: 64 * 1024 * 1024 },
  );
  const report = JSON.parse(stdout) as Report;
  for (const category of categories) {
    const { score, auditRefs } = report.categories[category] ?? { score: null, auditRefs: [] };
    const lost = auditRefs
      .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => id);
    print({
      figure: `lighthouse, ${category} of ${path}`,
      value: Math.round((score ?? 0) * 100),
      unit: 'points',
      limit: least,
      isFloor: true,
      ...(lost.length > 0 ? { note: lost.join(', ') } : {}),
    });
  }
}
