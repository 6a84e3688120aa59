import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import type { Store } from '#lib/store.ts';
import { type RunningDemo, startDemo, titleOf } from './running-demo.ts';

/** One demo, one fault after the other: each shows its own cause everywhere within ten seconds, and goes away again. */

let demo: RunningDemo;
let store: Store;

beforeAll(async () => {
  demo = await startDemo();
  store = openStore({ dataDir: demo.dataDir, isReader: true });
}, 120_000);
afterAll(async () => {
  store?.close();
  await demo?.stop();
}, 30_000);

const limitMs = 10_000;
// What is tried again begins, like the next one, with nothing broken.
afterEach(async () => {
  await demo.strike(null);
  await expect.poll(open, { timeout: 30_000, interval: 250 }).toEqual([]);
  await expect
    .poll(() => demo.page('/status.txt'), { timeout: 10_000, interval: 250 })
    .toContain('Everything we check works');
}, 60_000);
const open = () => store.incidents.list({ status: 'open', limit: 20 });

/** What the public reads, what the owner is told, and whether it is news of somebody else. */
const causes = [
  {
    fault: 'provider',
    scope: { kind: 'provider', id: 'groq' },
    public: /Groq (?:fails|is down)/,
    owner: /Groq (?:fails|is down)/,
    isNews: true,
  },
  {
    fault: 'gateway',
    scope: { kind: 'gateway', id: 'openrouter' },
    public: /OpenRouter (?:fails|is down)/,
    owner: /OpenRouter (?:fails|is down)/,
    isNews: true,
  },
  {
    fault: 'model',
    scope: { kind: 'model', id: 'openai/gpt-4o-mini' },
    public: /The model openai\/gpt-4o-mini (?:fails|is down)/,
    owner: /[Tt]he model openai\/gpt-4o-mini (?:fails|is down)/,
    isNews: true,
  },
  {
    fault: 'credit',
    scope: { kind: 'account', id: 'openrouter' },
    public: /Our own checks do not get through at the moment, so we cannot say how OpenRouter is/,
    owner: /our account with OpenRouter/i,
    isNews: false,
  },
  {
    fault: 'network',
    scope: { kind: 'prober', id: 'demo' },
    public: /Our own connection is down/,
    owner: /Our own connection is down/,
    isNews: false,
  },
] as const;

describe.each(causes)('$fault fails', ({ fault, scope, public: said, owner, isNews }) => {
  it('and everybody is told the same cause within ten seconds, and of its end', async () => {
    await demo.strike(fault);
    const struckMs = Date.now();
    const told = async (channel: string): Promise<boolean> =>
      (await demo.letters()).some((l) => l.channel === channel && l.atMs > struckMs && owner.test(l.subject));
    const heard: Record<string, () => Promise<boolean>> = {
      cause: async () => open().some((i) => i.scope.kind === scope.kind && i.scope.id === scope.id),
      'page title': async () => said.test(titleOf(await demo.page('/'))),
      'first line': async () => said.test(await demo.page('/')),
      '/status.txt': async () => said.test(await demo.page('/status.txt')),
      ask: async () => said.test(await demo.ask()),
      slack: () => told('slack'),
      'email subject': () => told('email'),
      ...(isNews ? { RSS: async () => said.test(await demo.page('/feed.rss')) } : {}),
    };
    const silent = async (): Promise<string[]> => {
      const answers = await Promise.all(Object.values(heard).map((hears) => hears()));
      return Object.keys(heard).filter((_, i) => !answers[i]);
    };
    await expect.poll(silent, { timeout: limitMs, interval: 250 }).toEqual([]);
    if (!isNews) expect((await demo.page('/feed.rss')).slice(0, 1_500)).not.toMatch(said);
  });
});
