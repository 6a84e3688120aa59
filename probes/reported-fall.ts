import type { Watched } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { Ask } from '#lib/core/plan.ts';
import { providerBase } from '#lib/core/target.ts';

/** A gateway's own figure falls: a free witness, and reason enough to look ourselves at once. */

export interface ReportedFall {
  /** Looks that this report asks for. */
  hear(o: Observation, watched: readonly Watched[], nowMs: number): Ask[];
}

/** Points of the five-minute uptime. */
const fallPoints = 5;
const againMs = 5 * 60_000;
const mostAsks = 6;

export function createReportedFall(): ReportedFall {
  const before = new Map<string, number>();
  const askedAtMs = new Map<string, number>();
  return {
    hear(o, watched, nowMs) {
      if (o.probe !== 'reported' || !o.claims) return [];
      const fallen: { provider: string; model: string }[] = [];
      for (const { component, provider, model, uptime5m } of o.claims) {
        if (uptime5m === null || provider === null || model === null) continue;
        const key = `${o.target.gateway}|${component}|${provider}|${model}`;
        const last = before.get(key);
        before.set(key, uptime5m);
        if (last !== undefined && last - uptime5m >= fallPoints) fallen.push({ provider, model });
      }
      const asks: Ask[] = [];
      for (const { provider, model } of fallen) {
        const route = watched.find((w) => isRouteOf(w, o.target.gateway, provider, model));
        if (!route || asks.length >= mostAsks) continue;
        if (nowMs - (askedAtMs.get(route.key) ?? Number.NEGATIVE_INFINITY) < againMs) continue;
        askedAtMs.set(route.key, nowMs);
        asks.push({
          targetKey: route.key,
          why: 'neighbour',
          notBeforeMs: nowMs,
          everyMs: null,
          untilMs: null,
          reason: `${o.target.gateway} reports fewer successes of ${provider} for ${model}`,
        });
      }
      return asks;
    },
  };
}

/** The very route, or any other of ours to that provider. */
function isRouteOf(w: Watched, gateway: string | null, provider: string, model: string): boolean {
  if (w.probe !== 'completion' || w.target.gateway !== gateway || !w.target.provider) return false;
  return w.target.model === model && providerBase(w.target.provider) === providerBase(provider);
}
