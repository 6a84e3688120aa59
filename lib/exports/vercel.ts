import { asJson, byGoodness, type Export, excludedOf, isServing } from './export.ts';

/** Vercel's AI Gateway has no "ignore": `only` with the healthy set excludes, `order` prefers. */
export const vercel: Export = (ask) => {
  const [model, ...fallbacks] = ask.models;
  const pool = ask.targets.filter((t) => t.provider !== null && (model === undefined || t.model === model));
  const isAllOut = ask.hasOpinion && pool.length > 0 && !pool.some(isServing);
  const excluded = isAllOut ? [] : excludedOf(pool, ask);
  const names = (list: typeof pool) => [...new Set(list.map((t) => (t.provider ?? '').split('/')[0] ?? ''))];
  const kept = names([...pool].sort(byGoodness).filter((t) => !excluded.includes(t)));
  const gateway = {
    ...(ask.mode === 'order' && ask.hasOpinion && kept.length > 0 ? { order: kept } : {}),
    ...(ask.mode === 'exclude' && excluded.length > 0 ? { only: kept } : {}),
    ...(fallbacks.length > 0 ? { models: fallbacks } : {}),
  };
  return asJson({ providerOptions: { gateway } });
};
