import type { ParameterRule } from './parameters.ts';

/**
 * Lists that go back in time, page by page. A cursor is the moment of the last one read and how many of that moment
 * were read, so that what happened at the same instant is neither lost nor shown twice.
 */

export const momentCursor = {
  kind: 'text',
  max: 30,
  pattern: /^\d{1,15}\.\d{1,6}$/,
  about: 'next_cursor of the answer before',
} as const satisfies ParameterRule;

export interface MomentList<T> {
  cursor: string | undefined;
  beforeMs: number | null;
  limit: number;
  /** Newest first, before a moment. */
  read(beforeMs: number, limit: number): T[];
  atMs(one: T): number;
  isShown(one: T): boolean;
}

const mostReadings = 20;
const leastRead = 100;

export function pageOfMoments<T>(list: MomentList<T>): { page: T[]; nextCursor: string | null } {
  let [atMs, seen] = start(list);
  const page: T[] = [];
  for (let readings = 0; readings < mostReadings; readings++) {
    const wanted = seen + Math.max(leastRead, 2 * list.limit);
    const found = list.read(atMs + 1, wanted);
    const isNew = found.length > 0 && list.atMs(found[0] as T) === atMs;
    for (const one of found.slice(isNew ? seen : 0)) {
      if (page.length === list.limit) return { page, nextCursor: `${atMs}.${seen}` };
      const at = list.atMs(one);
      [atMs, seen] = at === atMs ? [at, seen + 1] : [at, 1];
      if (list.isShown(one)) page.push(one);
    }
    if (found.length < wanted) return { page, nextCursor: null };
  }
  return { page, nextCursor: `${atMs}.${seen}` };
}

function start({ cursor, beforeMs }: MomentList<never> | MomentList<unknown>): [number, number] {
  const [atMs, seen] = (cursor ?? '').split('.');
  if (seen !== undefined) return [Number(atMs), Number(seen)];
  return [(beforeMs ?? 8_640_000_000_000_000) - 1, 0];
}
