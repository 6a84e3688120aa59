/** How late looks began, over the last few thousand. A figure of its own: it never enters a latency. */

const kept = 4_096;

export interface Lateness {
  add(ms: number): void;
  read(): { p50: number | null; p99: number | null; max: number | null; within100: number | null };
}

export function createLateness(): Lateness {
  const ring = new Float64Array(kept);
  let count = 0;
  return {
    add(ms) {
      ring[count % kept] = Math.max(0, ms);
      count += 1;
    },
    read() {
      const n = Math.min(count, kept);
      if (n === 0) return { p50: null, p99: null, max: null, within100: null };
      const sorted = ring.slice(0, n).sort();
      const at = (q: number) => sorted[Math.min(n - 1, Math.ceil(q * n) - 1)] ?? 0;
      return {
        p50: at(0.5),
        p99: at(0.99),
        max: sorted[n - 1] ?? 0,
        within100: sorted.filter((ms) => ms <= 100).length / n,
      };
    },
  };
}
