import cron from 'node-cron';

/**
 * When a calendar pattern begins, in instants. It is read on the wall clock of its zone: a time that a change of the
 * clocks leaves out comes as much later as they are set forward, and one that comes twice counts the first time.
 */

const minuteMs = 60_000;
const dayMs = 86_400_000;
const keptDays = 40;
/** A leap day may be eight years away. */
const farthestDays = 3_000;

export interface Starts {
  /** The last beginning at or before this instant, not older than `withinMs`. */
  last(nowMs: number, withinMs: number): number | null;
  next(nowMs: number): number | null;
}

export function startsOf(pattern: string, timeZone: string): Starts {
  const fields = pattern.trim().split(/\s+/).slice(-5);
  // A date whose UTC fields are those of the wall clock stands for the wall clock.
  const isStart = cron.createTask(fields.join(' '), () => {}, { timezone: 'UTC' });
  const isDay = cron.createTask(`* * ${fields.slice(2).join(' ')}`, () => {}, { timezone: 'UTC' });
  // What begins every hour, or every few, does so in the hour that comes twice as well.
  const isEveryHour = fields[1]?.startsWith('*') ?? false;
  const known = new Map<number, number[]>();
  const clock = wallClock(timeZone);

  function startsOn(day: number): number[] {
    const before = known.get(day);
    if (before) return before;
    const starts: number[] = [];
    for (let wall = day * dayMs; wall < (day + 1) * dayMs; wall += minuteMs) {
      if (isStart.match(new Date(wall))) starts.push(...clock.instantsOf(wall, isEveryHour));
    }
    starts.sort((a, b) => a - b);
    if (known.size > keptDays) known.clear();
    known.set(day, starts);
    return starts;
  }

  const dayOf = (atMs: number) => Math.floor((atMs + clock.offsetMs(atMs)) / dayMs);
  const isMeant = (day: number) => isDay.match(new Date(day * dayMs));

  return {
    last(nowMs, withinMs) {
      for (let day = dayOf(nowMs) + 1; day >= dayOf(nowMs - withinMs) - 1; day--) {
        if (!isMeant(day)) continue;
        const start = startsOn(day).findLast((one) => one <= nowMs);
        if (start !== undefined) return start >= nowMs - withinMs ? start : null;
      }
      return null;
    },
    next(nowMs) {
      const today = dayOf(nowMs) - 1;
      for (let day = today; day < today + farthestDays; day++) {
        if (!isMeant(day)) continue;
        const start = startsOn(day).find((one) => one > nowMs);
        if (start !== undefined) return start;
      }
      return null;
    },
  };
}

function wallClock(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  function offsetMs(atMs: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(atMs / minuteMs) * minuteMs;
  }
  return {
    offsetMs,
    instantsOf(wall: number, isEveryHour: boolean): number[] {
      const before = wall - offsetMs(wall - dayMs);
      const after = wall - offsetMs(wall + dayMs);
      const real = [before, after].filter((atMs) => atMs + offsetMs(atMs) === wall);
      if (isEveryHour) return [...new Set(real)];
      return [real[0] ?? before];
    },
  };
}
