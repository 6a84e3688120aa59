/** Instants and durations as people read them. */

function parts(atMs: number, zone: string): { date: string; time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const by = new Map(format.formatToParts(new Date(atMs)).map((part) => [part.type, part.value]));
  return {
    date: `${by.get('year')}-${by.get('month')}-${by.get('day')}`,
    time: `${by.get('hour')}:${by.get('minute')}`,
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

/** `12:01–12:09 UTC`. */
export function saySpan(fromMs: number, toMs: number, nowMs: number): string {
  const from = parts(fromMs, 'UTC');
  const to = parts(toMs, 'UTC');
  const isToday = parts(nowMs, 'UTC').date === from.date;
  const end = from.date === to.date ? to.time : `${to.date} ${to.time}`;
  return `${isToday ? '' : `${from.date} `}${from.time}–${end} UTC`;
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
