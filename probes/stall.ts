/** How long our own event loop stood still: the longest gap between two ticks, kept for as long as a look can last. */

const keptMs = 180_000;

export interface StallMeter {
  tick(nowMonoMs: number): number;
  /** The longest gap that began or ended since then, the present one included. */
  since(sinceMonoMs: number, nowMonoMs: number): number;
  max(): number;
  resetMax(): void;
}

export function createStallMeter(everyMs: number, startMonoMs: number): StallMeter {
  // Only gaps worth telling are kept; a quiet loop keeps none.
  const gaps: { endMonoMs: number; gapMs: number }[] = [];
  let lastTick = startMonoMs;
  let maxMs = 0;
  return {
    tick(now) {
      const gapMs = Math.max(0, now - lastTick - everyMs);
      lastTick = now;
      maxMs = Math.max(maxMs, gapMs);
      if (gapMs >= 5) gaps.push({ endMonoMs: now, gapMs });
      while (gaps.length > 0 && (gaps[0]?.endMonoMs ?? 0) < now - keptMs) gaps.shift();
      return gapMs;
    },
    since(since, now) {
      let longest = Math.max(0, now - lastTick - everyMs);
      for (let i = gaps.length - 1; i >= 0; i--) {
        const gap = gaps[i];
        if (!gap || gap.endMonoMs < since) break;
        if (gap.gapMs > longest) longest = gap.gapMs;
      }
      return Math.round(longest * 10) / 10;
    },
    max: () => maxMs,
    resetMax() {
      maxMs = 0;
    },
  };
}
