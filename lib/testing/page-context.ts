import { slaReport } from '../../db/open.ts';
import { parseConfig } from '../config/load.ts';
import type { MonthReport } from '../core/report.ts';
import type { Convention } from '../core/words.ts';
import type { Store } from '../store.ts';
import { makeScene, type Scene, type SceneName } from './scene.ts';
import { sceneStore } from './scene-store.ts';

export const sceneNowMs = Date.UTC(2026, 10, 21, 7, 33, 20);

/** What a view model is given, from a scene: shaped like the edge's, and nothing of it is global. */
export function pageContext(
  name: SceneName,
  change: {
    nowMs?: number;
    scene?: (scene: Scene) => Scene;
    hide?: string[];
    month?: (id: string) => MonthReport | null;
  } = {},
) {
  const scene = (change.scene ?? ((s: Scene) => s))(makeScene(name, sceneNowMs));
  const { config } = parseConfig('', {}, null);
  const store = { ...sceneStore(scene), close: () => undefined } as Store;
  return {
    store,
    report: (query: { fromMs: number; toMs: number; convention: Convention }) =>
      slaReport(store, { ...query, hasNumbers: false }),
    month: change.month ?? (() => null),
    facts: scene.facts,
    nowMs: change.nowMs ?? sceneNowMs,
    settings: {
      title: config.page.title,
      logo: null,
      accent: null,
      links: [],
      groups: [],
      hide: change.hide ?? [],
      timeZone: 'UTC',
      url: 'https://status.example.com',
      vantages: [{ id: 'fra1', place: 'Frankfurt' }],
      gateways: ['openrouter'],
      budget: { usdPerDay: 0.5, usdPerMonth: 15, requestsPerDay: 40_000 },
      channels: [],
      hasSmtp: true,
    },
  };
}
