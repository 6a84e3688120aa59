import { asJson, type Export, isAvoided } from './export.ts';

/**
 * An overlay on the reader's own target list, by position. `is_open` works only in a config that has an `id`, and all
 * open means all used; so nothing here can empty a pool.
 */
export const portkey: Export = (ask) => {
  const known = new Map(ask.targets.map((t) => [t.id.toLowerCase(), t]));
  const targets = ask.ids.map((id) => {
    const target = known.get(id.toLowerCase());
    return { is_open: ask.hasOpinion && target !== undefined && isAvoided(target) };
  });
  const isAllOpen = targets.length > 0 && targets.every((t) => t.is_open);
  return asJson({ id: 'signalbox', targets: isAllOpen ? targets.map(() => ({ is_open: false })) : targets });
};
