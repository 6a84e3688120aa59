import { projectDir } from '#app/_edge/prepare-pages.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { providerBase } from '#lib/core/target.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { component } from '#lib/testing/scene-states.ts';
import { dayMs, fillDay, fillTallies, fillTargets, type Made, makeStore } from '../store/fill.ts';

export interface FilledSite {
  site: EdgeUnderTest;
  stop(): Promise<void>;
}

/** The web process over so many targets and days, as a real installation has them. */
export async function startFilled(targets: number, days: number): Promise<FilledSite> {
  const nowMs = Date.now();
  const today = Math.floor(nowMs / dayMs);
  const made = makeStore(nowMs, (client) => {
    fillTargets(client, targets, (today - days) * dayMs);
    fillTallies(client, today - days + 1, days - 2);
    fillDay(client, targets, today - 1);
    // Seen lately, so that each row has its last checks to draw.
    client.prepare('update targets set last_seen_ms = ?').run(today * dayMs - 1);
  });
  publish(made, nowMs);
  made.store.close();
  const site = await startEdge({ dataDir: made.dataDir, web: { nextDir: projectDir } });
  const beat = () =>
    site.store.upkeep.beat({ atMs: Date.now(), startedAtMs: nowMs, vantage: 'local', facts: {} });
  beat();
  const timer = setInterval(beat, 5_000);
  return {
    site,
    stop: async () => {
      clearInterval(timer);
      await site.stop();
      try {
        made.drop();
      } catch {
        // The store was closed above; the folder goes all the same.
      }
    },
  };
}

function publish(made: Made, nowMs: number): void {
  const { routes } = made.store.looks.current();
  const providers = new Set(routes.map((r) => providerBase(r.target.provider ?? '')));
  const about = {
    verdict: 'operational' as const,
    sinceMs: nowMs - dayMs,
    reason: '12 of 12 checks worked in 12 min',
  };
  const components = [
    component('gateway', 'openrouter', nowMs, about),
    ...[...providers].map((id) => component('provider', id, nowMs, about)),
  ];
  made.store.looks.advance(nowMs, () => ({ ...emptyPlan, components, routes }));
}
