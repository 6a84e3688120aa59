import { asList, asNumber, asText, dig } from '#lib/core/loose.ts';

const maxMs = 7 * 86_400_000;

/** How long the far side asks us to wait, whichever of its many ways it says it; null when it does not. */
export function readRetryAfter(headers: Record<string, string>, body: unknown, nowMs: number): number | null {
  const inError = dig(body, 'error') ?? body;
  const candidates = [
    positive(asNumber(headers['retry-after-ms'])),
    retryAfter(headers['retry-after'], nowMs),
    seconds(dig(inError, 'availability', 'retry_after')),
    retryInfo(inError),
    epochMs(dig(inError, 'metadata', 'headers', 'X-RateLimit-Reset'), nowMs),
    spentLimit(headers, nowMs),
    draftLimit(headers.ratelimit),
    plainReset(headers, nowMs),
  ];
  const found = candidates.find((ms) => ms !== null);
  return found === undefined || found === null ? null : Math.min(Math.max(0, Math.round(found)), maxMs);
}

function positive(ms: number | null): number | null {
  return ms !== null && ms > 0 ? ms : null;
}

function seconds(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 ? null : number * 1_000;
}

/** Seconds or an HTTP date; some write a duration. */
function retryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  return seconds(value) ?? durationMs(value) ?? instantMs(value, nowMs);
}

const durationUnits: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `12ms`, `1m30s`, `48.9s`. */
export function durationMs(text: string): number | null {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(trimmed)) return null;
  let total = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(number) * (durationUnits[unit as string] ?? 0);
  }
  return total;
}

function instantMs(text: string, nowMs: number): number | null {
  if (!/\d{4}/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** Gemini: `details[]` with RetryInfo `retryDelay: "48s"`. */
function retryInfo(error: unknown): number | null {
  for (const item of asList(dig(error, 'details'))) {
    const delay = asText(dig(item, 'retryDelay'));
    const ms = delay === null ? null : durationMs(delay);
    if (ms !== null) return ms;
  }
  return null;
}

/** Epoch milliseconds as a text, from a platform's own 429. */
function epochMs(value: unknown, nowMs: number): number | null {
  const number = asNumber(value);
  if (number === null || number < 1e9) return null;
  return Math.max(0, (number < 1e11 ? number * 1_000 : number) - nowMs);
}

const limitNames = /^(?:llm_provider-)?(x-ratelimit|anthropic-ratelimit)-(.+)$/;

/** Of the limits told apart by name, the one that is used up; its reset counts. */
function spentLimit(headers: Record<string, string>, nowMs: number): number | null {
  let longest: number | null = null;
  for (const [name, value] of Object.entries(headers)) {
    const match = limitNames.exec(name);
    if (!match || !/remaining/.test(match[2] ?? '') || asNumber(value) !== 0) continue;
    const reset = headers[name.replace('remaining', 'reset')];
    const ms = reset === undefined ? null : resetMs(reset, nowMs);
    if (ms !== null) longest = Math.max(longest ?? 0, ms);
  }
  return longest;
}

/** A reset is duration text, an instant, an epoch in seconds or milliseconds, or seconds from now: told by size. */
export function resetMs(value: string, nowMs: number): number | null {
  return durationMs(value) ?? epochMs(value, nowMs) ?? seconds(value) ?? instantMs(value, nowMs);
}

/** The IETF drafts: `"api";r=0;t=112`; r says what is left. */
function draftLimit(value: string | undefined): number | null {
  if (value === undefined) return null;
  const left = /(?:^|[;,\s])(?:r|remaining)=(\d+)/.exec(value)?.[1];
  const wait = /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(value)?.[1];
  return left === '0' && wait !== undefined ? Number(wait) * 1_000 : null;
}

function plainReset(headers: Record<string, string>, nowMs: number): number | null {
  if (asNumber(headers['ratelimit-remaining']) !== 0) return null;
  const reset = headers['ratelimit-reset'];
  return reset === undefined ? null : resetMs(reset, nowMs);
}
