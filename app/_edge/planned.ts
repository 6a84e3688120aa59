import type { Config } from '#lib/config/schema.ts';
import type { PlannedWindow } from '#lib/core/feed-statuspage.ts';
import { statuspageComponentId } from '#lib/core/feed-statuspage.ts';

/** Configured maintenance with a beginning and an end. Past ones are shown for a week. */
export function plannedWindows(config: Config, nowMs: number): PlannedWindow[] {
  return config.maintenance
    .flatMap((m) => {
      const fromMs = Date.parse(m.from ?? '');
      const toMs = Date.parse(m.to ?? '');
      if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs < nowMs - 7 * 86_400_000) return [];
      const id = statuspageComponentId('maintenance', `${m.title} ${fromMs}`);
      return [{ id, title: m.title, scope: m.scope, fromMs, toMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
}
