import type { Bucket, Unit } from './state.ts';
import { quantileOf, wilson, z } from './statistics.ts';

/** The figures alert rules watch. Null: too little to say. */

const slotMs = 300_000;
const hourMs = 3_600_000;
const leastLooks = 20;

interface Count {
  looks: number;
  bad: number;
  limited: number;
}

/** Up to an hour from five-minute counts, beyond that from hourly ones; never less time than was asked for. */
function countOver(unit: Unit, nowMs: number, overMs: number): Count {
  const isShort = overMs <= hourMs;
  const width = isShort ? slotMs : hourMs;
  const buckets: readonly Bucket[] = isShort ? unit.hour : unit.days;
  const from = Math.floor((nowMs - overMs) / width);
  const count: Count = { looks: 0, bad: 0, limited: 0 };
  for (const bucket of buckets) {
    if (bucket.slot < from) continue;
    count.looks += bucket.looks;
    count.bad += bucket.bad;
    count.limited += bucket.limited;
  }
  return count;
}

export function shareOver(unit: Unit, nowMs: number, overMs: number, what: 'bad' | 'limited'): number | null {
  const count = countOver(unit, nowMs, overMs);
  return count.looks < leastLooks ? null : count[what] / count.looks;
}

export function firstTokenP95(unit: Unit, nowMs: number, overMs: number): number | null {
  const values: number[] = [];
  for (const track of unit.tracks) {
    for (const look of track.looks) {
      if (look.firstTokenMs !== null && look.endMs >= nowMs - overMs) values.push(look.firstTokenMs);
    }
  }
  return values.length < leastLooks
    ? null
    : quantileOf(
        values.sort((a, b) => a - b),
        0.95,
      );
}

/** Long window, short window, and how many times faster than allowed the budget burns. */
const burnLines: readonly [longMs: number, shortMs: number, times: number][] = [
  [hourMs, slotMs, 14.4],
  [6 * hourMs, 6 * slotMs, 6],
  [72 * hourMs, 6 * hourMs, 1],
];

/** The burn of the first line that is passed in both windows, else 0. One failure alone passes none. */
export function burnOf(unit: Unit, nowMs: number, slo: number): number | null {
  const allowed = Math.max(1e-6, 1 - slo);
  let isKnown = false;
  for (const [longMs, shortMs, times] of burnLines) {
    const long = countOver(unit, nowMs, longMs);
    const short = countOver(unit, nowMs, shortMs);
    if (long.looks < leastLooks) continue;
    isKnown = true;
    if (long.bad < 3 || short.bad < 2) continue;
    // Surely so fast: three failures in three hours are more than one in a hundred, and may be luck.
    const surely = wilson(long.bad, long.looks, z.lower99).low / allowed;
    if (surely >= times && short.bad / short.looks / allowed >= times) return long.bad / long.looks / allowed;
  }
  return isKnown ? 0 : null;
}

/** Hours until nothing is left, at the pace of late. */
export function creditHours(
  samples: readonly { atMs: number; usd: number }[],
  nowMs: number,
  overMs: number,
): number | null {
  const recent = samples.filter((one) => one.atMs >= nowMs - overMs);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || last.atMs - first.atMs < hourMs / 2) return null;
  const spent = first.usd - last.usd;
  if (last.usd <= 0) return 0;
  return spent <= 0 ? null : last.usd / (spent / ((last.atMs - first.atMs) / hourMs));
}
