/** How a look's identity is packed into one integer key: day << 45 | series << 27 | millisecond of the day. */

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;
/** Clocks of several machines differ by less: what is dated later was written by one that ran ahead. */
export const aheadMs = 60_000;
/** 2024-01-01: days before it are negative, and still in order. */
export const firstDay = 19_723;

export const packSql = '((? << 45) | (? << 27) | ?)';

export function packed(seriesId: number, atMs: number): [day: number, seriesId: number, ms: number] {
  const day = Math.floor(atMs / dayMs);
  return [day - firstDay, seriesId, atMs - day * dayMs];
}

/** Key of a roll-up: series << 32 | minute, hour or day. */
export const rollKeySql = '((? << 32) | ?)';
