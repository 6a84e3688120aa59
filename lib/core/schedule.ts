/** Slots: `epoch + phase + n × interval`. A slot number and its instant follow from the target alone, in every process. */

export interface Grid {
  everyMs: number;
  phaseMs: number;
}

/** FNV-1a with a finaliser, so that ids that differ in their last letter land far apart. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function gridOf(key: string, vantage: string, everyMs: number): Grid {
  return { everyMs, phaseMs: hash32(`${vantage}|${key}`) % everyMs };
}

/** The slot that `nowMs` lies in. */
export function slotAt(grid: Grid, nowMs: number): number {
  return Math.floor((nowMs - grid.phaseMs) / grid.everyMs);
}

export function slotStartMs(grid: Grid, slot: number): number {
  return grid.phaseMs + slot * grid.everyMs;
}

/**
 * Where a target begins after a start: with the present slot if nobody looked during it, else with the next one.
 * Either way it is looked at within its own interval.
 */
export function firstSlot(grid: Grid, nowMs: number, lastSeenAtMs: number | null): number {
  const present = slotAt(grid, nowMs);
  const isSeen = lastSeenAtMs !== null && lastSeenAtMs >= slotStartMs(grid, present) && lastSeenAtMs <= nowMs;
  return isSeen ? present + 1 : present;
}

/** When a first look may start: spread by hash over `withinMs`, so that a restart does not open every socket at once. */
export function spreadMs(key: string, withinMs: number): number {
  return withinMs <= 0 ? 0 : hash32(`start|${key}`) % withinMs;
}

/** Slots that began after `doneSlot` and at or before `nowMs`: not run, so to be stored as missed. */
export function slotsSince(grid: Grid, doneSlot: number, nowMs: number, limit: number): number[] {
  const last = slotAt(grid, nowMs);
  const first = Math.max(doneSlot + 1, last - limit + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/**
 * A look without a first token after this long is suspicious: three times the route's own p99, within 3 and 10 s.
 * A route that is honestly slower than that keeps half as much again as its slowest: slow is not broken.
 */
export function suspicionMs(firstTokens: readonly number[]): number {
  const sorted = [...firstTokens].sort((a, b) => a - b);
  const p99 = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
  // Few looks hardly know their own p99: more room for them.
  const times = sorted.length < 8 ? 5 : 3;
  const usual = sorted.length === 0 ? 10_000 : Math.min(10_000, Math.max(3_000, times * p99));
  return Math.max(usual, 1.5 * p99);
}
