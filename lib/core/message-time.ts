/** Instants and durations as people read them. */

function parts(atMs: number, zone: string): { date: string; time: string; second: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const by = new Map(format.formatToParts(new Date(atMs)).map((part) => [part.type, part.value]));
  return {
    date: `${by.get('year')}-${by.get('month')}-${by.get('day')}`,
    time: `${by.get('hour')}:${by.get('minute')}`,
    second: by.get('second') ?? '00',
  };
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** `12:01 UTC`, with the date when it is not the day of `nowMs`. */
export function sayInstant(atMs: number, zone: string, nowMs: number): string {
  const known = isTimeZone(zone) ? zone : 'UTC';
  const at = parts(atMs, known);
  const isToday = parts(nowMs, known).date === at.date;
  return `${isToday ? '' : `${at.date} `}${at.time} ${known}`;
}

/** UTC first; the reader's own time beside it when it differs. */
export function sayInstantTwice(atMs: number, zone: string, nowMs: number): string {
  const utc = sayInstant(atMs, 'UTC', nowMs);
  if (zone === 'UTC' || !isTimeZone(zone)) return utc;
  return `${utc} (${sayInstant(atMs, zone, nowMs)})`;
}

/** `12:01–12:09 UTC`, with seconds when minutes would not tell the ends apart. */
export function saySpan(fromMs: number, toMs: number, nowMs: number, zone = 'UTC'): string {
  const known = isTimeZone(zone) ? zone : 'UTC';
  const from = parts(fromMs, known);
  const to = parts(toMs, known);
  const clock = (at: { time: string; second: string }) =>
    toMs - fromMs < 120_000 ? `${at.time}:${at.second}` : at.time;
  const isToday = parts(nowMs, known).date === from.date;
  const end = from.date === to.date ? clock(to) : `${to.date} ${clock(to)}`;
  return `${isToday ? '' : `${from.date} `}${clock(from)}–${end} ${known}`;
}

export function saySpanTwice(fromMs: number, toMs: number, zone: string, nowMs: number): string {
  const utc = saySpan(fromMs, toMs, nowMs);
  return zone === 'UTC' || !isTimeZone(zone) ? utc : `${utc} (${saySpan(fromMs, toMs, nowMs, zone)})`;
}

const units: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** The two largest units: `2 h 5 min`, `45 s`. */
export function sayDuration(durationMs: number): string {
  let left = Math.max(0, Math.round(durationMs / 1_000) * 1_000);
  const said: string[] = [];
  for (const [unit, ms] of units) {
    const count = Math.floor(left / ms);
    left -= count * ms;
    if (count > 0) said.push(`${count} ${unit}`);
    else if (said.length > 0) break;
    if (said.length === 2) break;
  }
  return said.join(' ') || '0 s';
}
