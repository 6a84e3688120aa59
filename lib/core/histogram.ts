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

export function addValue(histogram: Histogram, value: number): void {
  if (!Number.isFinite(value) || value < 0) return;
  const bucket = bucketOf(value);
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

/** Adds an encoded histogram without unpacking it first: the sum of many days is one pass. */
export function addEncoded(into: Histogram, bytes: Uint8Array | null): void {
  if (bytes === null) return;
  let bucket = 0;
  let at = 0;
  const { counts } = into;
  while (at < bytes.length) {
    let value = 0;
    let scale = 1;
    for (let field = 0; field < 2; field++) {
      value = 0;
      scale = 1;
      let byte = 128;
      while (byte > 127 && at < bytes.length) {
        byte = bytes[at++] ?? 0;
        value += (byte & 127) * scale;
        scale *= 128;
      }
      if (field === 0) bucket += value;
    }
    // A damaged text may point outside.
    if (bucket >= bucketCount) return;
    counts[bucket] = (counts[bucket] ?? 0) + value;
    into.n += value;
  }
}
