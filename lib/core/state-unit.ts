import type { Bucket, Look, State, Track, Unit, UnitKind } from './state.ts';

/**
 * Running evidence per pool of targets: a CUSUM of the log-likelihood that the pool fails. It forgets noise by itself,
 * and where it last left zero is where the fault began.
 */

/** The failing share each pool is tuned to notice; the search for the cause then fits the real one. */
const tuned: Record<UnitKind, number> = { gateway: 0.15, plane: 0.3, provider: 0.3, model: 0.3, route: 0.3 };
const chanceOfCalm = 0.01;
const hourSlotMs = 300_000;

export function noiseShare(state: State): number {
  return state.noise.share;
}

/** What a healthy fleet shows here, measured on pools under no suspicion. */
export function learnNoise(state: State, isBad: boolean): void {
  const { noise, policy } = state;
  noise.looks += 1;
  if (isBad) noise.bad += 1;
  if (noise.looks % 256 !== 0) return;
  if (noise.looks > policy.noise_memory) {
    noise.looks /= 2;
    noise.bad /= 2;
  }
  const share = (1.25 * noise.bad) / noise.looks;
  noise.share = Math.min(policy.noise_ceiling, Math.max(policy.noise_floor, share));
}

/** Counts for what is judged over hours: answers, failures and 429s alike. */
export function noteSeries(track: Track, look: Look): void {
  if (!look.counts || look.weight === 'neutral') return;
  for (const unit of track.units) {
    count(unit.hour, Math.floor(look.endMs / hourSlotMs), 14, look);
    count(unit.days, Math.floor(look.endMs / 3_600_000), 74, look);
  }
}

export function noteUnits(state: State, track: Track, look: Look): void {
  const isBad = look.weight === 'bad';
  for (const unit of track.units) {
    if (isExplained(state, track)) continue;
    if (isBad) noteBad(state, unit, look);
    else if (unit.sum > 0) noteGood(state, unit);
  }
}

/** A target whose fault is already told adds nothing to the case against others. */
export function isExplained(state: State, track: Track): boolean {
  return track.cases.some(
    (one) =>
      one.nature === 'failing' &&
      one.incident.status === 'open' &&
      state.nowMs - one.incident.openedAtMs > state.policy.young_ms,
  );
}

function noteBad(state: State, unit: Unit, look: Look): void {
  if (unit.sum <= 0) {
    unit.startMs = look.endMs;
    unit.startAtMs = look.atMs;
    unit.looks = 0;
    unit.bad = 0;
  }
  // A look that began earlier may end later.
  unit.startAtMs = Math.min(unit.startAtMs, look.atMs);
  unit.sum = Math.min(60, unit.sum + Math.log(tuned[unit.kind] / state.noise.share));
  unit.looks += 1;
  unit.bad += 1;
  unit.calm = 0;
}

/** One failure of this target is taken back. */
export function forgetBad(state: State, track: Track): void {
  for (const unit of track.units) {
    if (unit.bad === 0) continue;
    unit.bad -= 1;
    unit.looks -= 1;
    unit.sum -= Math.log(tuned[unit.kind] / state.noise.share);
    if (unit.bad === 0 || unit.sum <= 0) resetUnit(unit);
  }
}

function noteGood(state: State, unit: Unit): void {
  unit.sum += Math.log((1 - tuned[unit.kind]) / (1 - state.noise.share));
  unit.looks += 1;
  unit.calm += 1;
  // The first failure began the count, so it proves nothing about the share.
  const share = Math.min(0.98, (unit.bad - 1) / Math.max(unit.bad, unit.looks - unit.calm));
  const isOver = unit.bad >= 3 && (1 - share) ** unit.calm < chanceOfCalm;
  if (unit.sum <= 0 || isOver) resetUnit(unit);
}

export function resetUnit(unit: Unit): void {
  unit.sum = 0;
  unit.looks = 0;
  unit.bad = 0;
  unit.calm = 0;
}

function count(buckets: Bucket[], slot: number, most: number, look: Look): void {
  let bucket = buckets.at(-1);
  if (!bucket || bucket.slot < slot) {
    bucket = { slot, looks: 0, bad: 0, limited: 0 };
    buckets.push(bucket);
    if (buckets.length > most) buckets.shift();
  }
  bucket.looks += 1;
  if (look.weight === 'bad') bucket.bad += 1;
  if (look.weight === 'limited') bucket.limited += 1;
}

/** A failure that turned out to be our own is taken out of what is judged over hours. */
export function uncount(unit: Unit, look: Look): void {
  for (const [buckets, slotMs] of [
    [unit.hour, hourSlotMs],
    [unit.days, 3_600_000],
  ] as const) {
    const bucket = buckets.find((one) => one.slot === Math.floor(look.endMs / slotMs));
    if (!bucket || bucket.bad === 0) continue;
    bucket.bad -= 1;
    bucket.looks -= 1;
  }
}

export function lastHour(unit: Unit, nowMs: number): { looks: number; bad: number; span: number } {
  const from = Math.floor(nowMs / hourSlotMs) - 12;
  let looks = 0;
  let bad = 0;
  let span = 0;
  for (const bucket of unit.hour) {
    if (bucket.slot <= from) continue;
    looks += bucket.looks;
    bad += bucket.bad;
    if (bucket.bad > 0) span += 1;
  }
  return { looks, bad, span };
}
