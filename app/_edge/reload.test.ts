import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { watchConfig } from './reload.ts';

let site: EdgeUnderTest;
beforeAll(async () => {
  site = await startEdge({ scene: 'calm' });
});
afterAll(() => site.stop());

test('a changed file is in use without a restart, and a broken one changes nothing', async () => {
  const { edge } = site.web;
  const file = join(site.dataDir, 'signalbox.yaml');
  let text = '';
  const write = (next: string) => writeFileSync(file, (text = next));
  write('page: { title: Before }');
  const stop = watchConfig({ edge, file, load: () => parseConfig(text, {}, file), everyMs: 20 });
  try {
    const { version, substance } = edge.live;
    write(
      'url: https://elsewhere.example\npage: { title: After, hide: [provider:groq] }\nchains: { mine: [openrouter/any/openai/gpt-5-nano] }',
    );
    await expect.poll(() => edge.settings.title, { timeout: 5_000 }).toBe('After');
    expect(edge.settings.hide).toEqual(['provider:groq']);
    // Links, cookies and origin checks keep the address they began with.
    expect(edge.settings.url).toBeNull();
    expect(edge.live.facts().chains.map((chain) => chain.id)).toEqual(['mine']);
    expect(edge.live.version).toBeGreaterThan(version);
    expect(edge.live.substance).toBeGreaterThan(substance);
    expect(edge.origins.lines.get('page.title')).toBe(2);
    write('page: { titel: Broken }');
    await expect.poll(() => site.logged.some((line) => line.text.includes('refused'))).toBe(true);
    expect(edge.settings.title).toBe('After');
  } finally {
    stop();
  }
});
