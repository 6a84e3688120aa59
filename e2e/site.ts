import type { Page } from 'playwright-core';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import type { ConfigInput } from '#lib/config/schema.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { targetKey } from '#lib/core/target.ts';
import type { Store } from '#lib/store.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import type { Scene, SceneName } from '#lib/testing/scene.ts';
import { sceneProviderNames } from '#lib/testing/scene-fleet.ts';
import { sceneLook, troubleAt } from '#lib/testing/scene-looks.ts';

const checks = 12;
const minuteMs = 60_000;

export const siteConfig: ConfigInput = {
  vantage: 'local',
  smtp: { url: 'smtp://127.0.0.1:1', from: 'status@example.com' },
  chains: { chat: ['openrouter/any/openai/gpt-5-nano', 'openrouter/anthropic/anthropic/claude-haiku-4.5'] },
};

/** The whole web process on a database file that holds a scene with its last checks, prices and claims. */
export async function startSite(scene: SceneName, config: ConfigInput = siteConfig): Promise<EdgeUnderTest> {
  const site = await startEdge({ scene, config, web: { nextDir: projectDir } });
  fillChecks(site.store, site.scene);
  return site;
}

/** The checker's sign of life, for tests that take longer than a state lives. */
export function keepBeating({ store, nowMs, scene }: EdgeUnderTest): () => void {
  const startedAtMs = scene.facts.workerStartedAtMs ?? nowMs();
  const timer = setInterval(
    () => store.upkeep.beat({ atMs: nowMs(), startedAtMs, vantage: 'local', facts: {} }),
    5_000,
  );
  return () => clearInterval(timer);
}

function fillChecks(store: Store, scene: Scene): void {
  const endpoints = [...scene.facts.endpoints].map(([model, list]) => ({
    kind: 'endpoints' as const,
    gateway: 'openrouter',
    model,
    endpoints: list,
  }));
  const providers = { kind: 'providers' as const, gateway: 'openrouter', providers: sceneProviderNames };
  const seen = scene.facts.routes.flatMap(({ target }) =>
    Array.from({ length: checks }, (_, i) => {
      const atMs = scene.nowMs - i * minuteMs - 9_000;
      return sceneLook(target, atMs, troubleAt(scene.troubles, targetKey('completion', target), atMs));
    }),
  );
  const outcomes = new Map(seen.map((s) => [`${s.targetKey}${s.observation.atMs}`, s.outcome]));
  store.looks.record(
    seen.map(({ observation }, i) => ({ observation, found: i === 0 ? [...endpoints, providers] : [] })),
    (o) => ({
      outcome: outcomes.get(`${targetKey('completion', o.target)}${o.atMs}`) ?? 'ok',
      plan: emptyPlan,
      slot: { ms: minuteMs, countsS: 60 },
    }),
  );
}

/** What a page must not do while somebody looks at it. */
export function watchForTrouble(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`${page.url()}: ${message.text()}`);
  });
  return troubles;
}

/** Our script begins after the first paint; until then its controls are hidden and keys mean nothing to it. */
export async function whenLive(page: Page): Promise<void> {
  await page.locator('[data-tools]').first().waitFor({ state: 'visible' });
}
