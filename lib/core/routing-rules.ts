/** What one receiver asked for beside scope and impact; kept inside its settings under `rules`. */
export interface RoutingRules {
  /** Say again while the incident is open and nobody has acknowledged it. */
  remindMs: number | null;
  quiet: QuietHours | null;
  /** Told only if nobody has acknowledged by then. */
  escalateAfterMs: number | null;
  digest: 'daily' | 'weekly' | null;
}

export interface QuietHours {
  /** Minutes after local midnight; `from` after `to` spans midnight. */
  fromMinute: number;
  toMinute: number;
  timeZone: string;
}

export const noRules: RoutingRules = { remindMs: null, quiet: null, escalateAfterMs: null, digest: null };

/** Settings come back from the store as plain JSON: anything odd means "no such rule". */
export function rulesOf(settings: Record<string, unknown>): RoutingRules {
  const raw = settings.rules;
  if (typeof raw !== 'object' || raw === null) return noRules;
  const rules = raw as Partial<Record<keyof RoutingRules, unknown>>;
  return {
    remindMs: positive(rules.remindMs),
    escalateAfterMs: positive(rules.escalateAfterMs),
    digest: rules.digest === 'daily' || rules.digest === 'weekly' ? rules.digest : null,
    quiet: quietOf(rules.quiet),
  };
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}

function quietOf(value: unknown): QuietHours | null {
  if (typeof value !== 'object' || value === null) return null;
  const { fromMinute, toMinute, timeZone } = value as Partial<QuietHours>;
  if (typeof fromMinute !== 'number' || typeof toMinute !== 'number' || typeof timeZone !== 'string')
    return null;
  return fromMinute === toMinute ? null : { fromMinute, toMinute, timeZone };
}

/** `22:30` → 1350. */
export function parseMinute(text: string): number | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function minuteOfDay(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [hour = 0, minute = 0] = format.format(new Date(atMs)).split(':').map(Number);
  return hour * 60 + minute;
}

/** When the silence that holds at `atMs` ends, or null when there is none. Steps by local minutes, so it is right across clock changes. */
export function quietUntil(quiet: QuietHours, atMs: number): number | null {
  const isQuiet = (minute: number) =>
    quiet.fromMinute < quiet.toMinute
      ? minute >= quiet.fromMinute && minute < quiet.toMinute
      : minute >= quiet.fromMinute || minute < quiet.toMinute;
  const startMs = Math.floor(atMs / 60_000) * 60_000;
  if (!isQuiet(minuteOfDay(startMs, quiet.timeZone))) return null;
  for (let endMs = startMs; endMs <= startMs + 90_000_000; ) {
    const minute = minuteOfDay(endMs, quiet.timeZone);
    if (!isQuiet(minute)) return endMs;
    const left = (quiet.toMinute - minute + 1_440) % 1_440;
    // Never step past a clock change in one go.
    endMs += Math.min(left, 30) * 60_000 || 60_000;
  }
  return null;
}

const hourOfDigest = 8;
const dayMs = 86_400_000;

/** The next 08:00 UTC, on any day or on Monday. */
export function nextDigestAtMs(digest: 'daily' | 'weekly', atMs: number): number {
  let next = Math.floor(atMs / dayMs) * dayMs + hourOfDigest * 3_600_000;
  while (next <= atMs || (digest === 'weekly' && new Date(next).getUTCDay() !== 1)) next += dayMs;
  return next;
}
