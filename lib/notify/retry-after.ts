/** Seconds, fractions of them, or an HTTP date in any of its three forms. Anything else, and the past, is no wish at all. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | null {
  // Two headers are joined by a comma, but so is a date: `Fri, 20 Nov 2026 …`. The first counts.
  const text = value?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.exec(text.split(/\s*,\s*(?=\d+$)/)[0] ?? '');
  if (seconds) return Math.min(Number(seconds[0]) * 1_000, Number.MAX_VALUE);
  const atMs = Date.parse(dateIn(text) ?? '');
  return Number.isNaN(atMs) || atMs < nowMs ? null : atMs - nowMs;
}

/** RFC 9110, 5.6.7: as it is written today, as it was in RFC 850, and as C's asctime writes it, in UTC without saying so. */
function dateIn(text: string): string | null {
  const zoned = /^[A-Za-z]{3,9}, \d[\w :-]{10,30} GMT/.exec(text);
  if (zoned) return zoned[0];
  const bare = /^[A-Za-z]{3} [A-Za-z]{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}$/.exec(text);
  return bare ? `${bare[0]} GMT` : null;
}

/** Telegram and Discord say it in the body: `"retry_after": 35`, in seconds. */
export function retryAfterInBodyMs(body: string): number | null {
  const said = /"retry_after"\s*:\s*(\d{1,9}(?:\.\d{1,9})?)\b/.exec(body.slice(0, 4_096))?.[1];
  return said === undefined ? null : Math.ceil(Number(said) * 1_000);
}
