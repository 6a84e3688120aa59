import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildFleet } from '#lib/config/fleet.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { expectSound } from '#lib/testing/after-fault.ts';
import { runWorker } from './main.ts';
import { type Sim, startSim } from './sim/main.ts';

/** From a fault of the far side to what is said of it: the whole way, with the default fleet of the simulated gateway. */

const endings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const onlyOurs: typeof buildFleet = (...args) => {
  const built = buildFleet(...args);
  return { ...built, watched: built.watched.filter((w) => /127\.0\.0\./.test(w.baseUrl)) };
};

const yamlOf = (sim: Sim) => `
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-0123456789abcdef
    status_page: ${sim.statusUrl}
controls:
  - { name: a, url: ${sim.statusUrl}/ }
  - { name: b, url: ${sim.baseUrl}/none }
  - { name: c, url: ${sim.statusUrl}/c }
`;

async function stage() {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-suspicion-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  endings.push(() => expectSound(join(cwd, 'data')));
  const sim = await startSim();
  endings.push(() => sim.close());
  writeFileSync(join(cwd, 'signalbox.yaml'), yamlOf(sim));
  const worker = await runWorker({ env: {}, cwd, say: () => {}, build: onlyOurs });
  endings.push(() => worker.stop());
  const { store } = worker;
  const routes = () => store.looks.current().fleet.filter((w) => w.probe === 'completion');
  // Every route has answered once: what follows is a change.
  await until(
    () => routes().length > 15 && routes().every((w) => store.looks.last(w.key, 1).length > 0),
    90_000,
  );
  const incidents = () => store.events.list({ types: ['incident.opened'], limit: 50 });
  return { sim, store, routes, incidents };
}

async function until<T>(read: () => T | null | undefined | false, limitMs = 60_000): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const found = read();
    if (found) return found;
    if (performance.now() - startedMs > limitMs) throw new Error('waited in vain');
    await new Promise((go) => setTimeout(go, 50));
  }
}

describe('suspicion', () => {
  it('a gateway that fails is one incident, confirmed by looks of its own before the next slots', async () => {
    const { sim, store, incidents, routes } = await stage();
    const brokenAtMs = Date.now();
    const mend = sim.script({ path: '/chat/completions', status: 503 });
    const event: CoreEvent = await until(() => incidents()[0]);
    expect(event.scope).toMatchObject({ kind: 'gateway', id: 'openrouter' });
    expect(event.atMs - brokenAtMs).toBeLessThan(60_000);
    const since = routes().flatMap((w) =>
      store.looks.last(w.key, 20).filter((l) => l.observation.atMs >= brokenAtMs),
    );
    expect(since.filter((l) => l.observation.why !== 'slot').length).toBeGreaterThanOrEqual(2);
    mend();
    await until(() => store.events.list({ types: ['incident.resolved'], limit: 1 })[0], 120_000);
    expect(incidents().length).toBe(1);
  }, 300_000);

  it('a gateway that hangs is suspected before its looks end', async () => {
    const { sim, store, incidents, routes } = await stage();
    const brokenAtMs = Date.now();
    sim.script({ path: '/chat/completions', hang: true });
    await until(() => incidents()[0], 90_000);
    const confirmed = routes()
      .flatMap((w) => store.looks.last(w.key, 20))
      .filter((l) => l.observation.why === 'confirm' && l.observation.atMs > brokenAtMs);
    // The first looks hang for thirty seconds; these ended at the deadline of suspicion.
    expect(confirmed.length).toBeGreaterThan(0);
    for (const { observation } of confirmed) expect(observation.timing.totalMs).toBeLessThan(12_000);
  }, 300_000);
});
