/**
 * Histograms that can be added together: fixed buckets, each 5 % wider than the one before, so that a quantile is off by
 * at most 2.5 %. The same buckets for milliseconds and for tokens per second.
 */

const error = 0.025;
const growth = Math.log((1 + error) / (1 - error));
/** Everything below is one bucket; 0.1 ms is as fine as a timing is taken. */
const smallest = 0.1;
/** 300 s; what is longer lies in the overflow bucket behind it. */
const largest = 300_000;
export const bucketCount = Math.ceil(Math.log(largest / smallest) / growth) + 2;
const overflow = bucketCount - 1;

export interface Histogram {
  /** How many values lie in each bucket. */
  counts: Float64Array;
  n: number;
}

export function emptyHistogram(): Histogram {
  return { counts: new Float64Array(bucketCount), n: 0 };
}

export function bucketOf(value: number): number {
  if (!(value > smallest)) return 0;
  if (value > largest) return overflow;
  return Math.min(overflow - 1, Math.ceil(Math.log(value / smallest) / growth));
}

/** The value that stands for a bucket: off by at most 2.5 % for everything in it. */
export function bucketValue(bucket: number): number {
  if (bucket <= 0) return smallest;
  if (bucket >= overflow) return largest;
  return smallest * Math.exp(bucket * growth) * (1 - error);
}

export const isMeasurable = (value: number): boolean => Number.isFinite(value) && value >= 0;

export function addValue(histogram: Histogram, value: number): void {
  if (isMeasurable(value)) addBucket(histogram, bucketOf(value));
}

export function addBucket(histogram: Histogram, bucket: number): void {
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.n++;
}

export function addHistogram(into: Histogram, from: Histogram): void {
  for (let i = 0; i < bucketCount; i++) into.counts[i] = (into.counts[i] ?? 0) + (from.counts[i] ?? 0);
  into.n += from.n;
}

/** Nearest rank; null while nothing was measured. */
export function quantile(histogram: Histogram, q: number): number | null {
  if (histogram.n === 0) return null;
  const rank = Math.max(1, Math.ceil(q * histogram.n));
  let seen = 0;
  for (let i = 0; i < bucketCount; i++) {
    seen += histogram.counts[i] ?? 0;
    if (seen >= rank) return bucketValue(i);
  }
  return largest;
}

/** The same of a few values given by their buckets: a histogram of its own would cost more than they do. */
export function quantilesOfFew(buckets: readonly number[], qs: readonly number[]): number[] {
  const sorted = Uint16Array.from(buckets).sort();
  return qs.map((q) => bucketValue(sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0));
}

/** Buckets that hold something, as pairs of (distance to the last one, count), seven bits a byte. Nothing: null. */
export function encodeHistogram(histogram: Histogram): Uint8Array | null {
  if (histogram.n === 0) return null;
  const bytes: number[] = [];
  let last = 0;
  for (let i = 0; i < bucketCount; i++) {
    const count = histogram.counts[i] ?? 0;
    if (count === 0) continue;
    pushNumber(bytes, i - last);
    pushNumber(bytes, count);
    last = i;
  }
  return Uint8Array.from(bytes);
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Between two encoded histograms in one text: a count of nothing is written nowhere else. */
export const encodedBreakHex = '0000';

/** Adds encoded histograms without unpacking them first: the sum of many days is one pass. */
export function addEncoded(into: Histogram, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  const { counts } = into;
  const end = bytes.length;
  let bucket = 0;
  let n = 0;
  for (let at = 0; at < end; ) {
    // Nearly every number is one byte.
    let step = bytes[at++]!;
    if (step > 127) [step, at] = readNumber(bytes, at - 1);
    let count = at < end ? bytes[at++]! : 0;
    if (count > 127) [count, at] = readNumber(bytes, at - 1);
    bucket += step;
    // A damaged text may point outside.
    if (bucket >= bucketCount) break;
    counts[bucket]! += count;
    n += count;
    if (count === 0) bucket = 0;
  }
  into.n += n;
}

function readNumber(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  let scale = 1;
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at++]!;
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) break;
  }
  return [value, at];
}
