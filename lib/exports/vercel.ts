import { providerBase } from '../core/target.ts';
import { vercelModel, vercelProvider } from '../core/vercel-names.ts';
import { asJson, byGoodness, type Export, excludedOf, isServing } from './export.ts';

/** Vercel's AI Gateway has no "ignore": `only` with the healthy set excludes, `order` prefers. */
export const vercel: Export = (ask) => {
  const [model, ...fallbacks] = ask.models;
  const pool = ask.targets.filter((t) => t.provider !== null && (model === undefined || t.model === model));
  const isAllOut = ask.hasOpinion && pool.length > 0 && !pool.some(isServing);
  const excluded = isAllOut ? [] : excludedOf(pool, ask);
  // What it does not know by that name it would refuse: such a provider stays as it is called here.
  const nameOf = (provider: string) => vercelProvider(provider) ?? providerBase(provider);
  const names = (list: typeof pool) => [...new Set(list.map((t) => nameOf(t.provider ?? '')))];
  const kept = names([...pool].sort(byGoodness).filter((t) => !excluded.includes(t)));
  const gateway = {
    ...(ask.mode === 'order' && ask.hasOpinion && kept.length > 0 ? { order: kept } : {}),
    ...(ask.mode === 'exclude' && excluded.length > 0 ? { only: kept } : {}),
    ...(fallbacks.length > 0 ? { models: fallbacks.map((id) => vercelModel(id) ?? id) } : {}),
  };
  return asJson({ providerOptions: { gateway } });
};
