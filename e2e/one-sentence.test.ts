import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '#db/open.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { type RunningDemo, startDemo, titleOf } from './running-demo.ts';

let demo: RunningDemo;

beforeAll(async () => {
  demo = await startDemo();
}, 120_000);
afterAll(() => demo?.stop(), 30_000);

const limitMs = 10_000;
/** Other tests want the machine meanwhile; alone on it, `every-cause.fault.test.ts` holds all of this to ten seconds. */
const sharedMs = 20_000;

it('the gateway fails, and everybody is told the same sentence within ten seconds', async () => {
  const store = openStore({ dataDir: demo.dataDir, isReader: true });
  try {
    await demo.strike('gateway');
    const struckMs = Date.now();
    const opened = (): CoreEvent | undefined =>
      store.events.list({ types: ['incident.opened'], limit: 1 }).find((e) => e.atMs >= struckMs - 1_000);
    await expect
      .poll(() => opened()?.scope, { timeout: limitMs })
      .toMatchObject({ kind: 'gateway', id: 'openrouter' });
    const { sentence, incidentId } = opened() as CoreEvent;
    const incident = store.incidents.get(incidentId ?? '');
    expect(sentence).toContain(incident?.title);
    // Subjects and previews are cut where a phone would cut them.
    const words = sentence.slice(0, 60);
    const told = async (channel: string): Promise<boolean> =>
      (await demo.letters()).some((l) => l.channel === channel && l.subject.includes(words));
    // The reason may be counted anew meanwhile: whose fault it is and how bad stays.
    const heard: Record<string, () => Promise<boolean>> = {
      'page title': async () => titleOf(await demo.page('/')).includes(incident?.title ?? '?'),
      'first line': async () => (await demo.page('/')).includes(incident?.title ?? '?'),
      slack: () => told('slack'),
      'email subject': () => told('email'),
      webhook: async () =>
        (await demo.letters()).some((l) => l.channel === 'webhook' && l.text.includes(sentence)),
      RSS: async () => (await demo.page('/feed.rss')).includes(sentence),
      Atom: async () => (await demo.page('/feed.atom')).includes(sentence),
      '/status.txt': async () => (await demo.page('/status.txt')).includes(incident?.title ?? '?'),
      'feed reason': async () => {
        const { targets } = JSON.parse(await demo.page('/api/v1/health?view=full')) as {
          targets: { reason: string }[];
        };
        return targets.filter(({ reason }) => reason.startsWith(`${incident?.title}: `)).length >= 9;
      },
      ask: async () => (await demo.ask()).includes(incident?.title ?? '?'),
    };
    const silent = async (): Promise<string[]> => {
      const said = await Promise.all(Object.values(heard).map((hears) => hears()));
      return Object.keys(heard).filter((_, i) => !said[i]);
    };
    await expect.poll(silent, { timeout: struckMs + sharedMs - Date.now(), interval: 250 }).toEqual([]);
  } finally {
    store.close();
  }
}, 60_000);
