/** Seconds, fractions of them, or an HTTP date. Anything else, and the past, is no wish at all. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | null {
  // Two headers are joined by a comma, but so is a date: `Fri, 20 Nov 2026 …`.
  const text = value?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.exec(text.split(/\s*,\s*(?=\d+$)/)[0] ?? '');
  if (seconds) {
    const ms = Number(seconds[0]) * 1_000;
    return Number.isFinite(ms) ? ms : null;
  }
  if (!/^[A-Za-z]{3,9},? \d/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) || atMs < nowMs ? null : atMs - nowMs;
}
