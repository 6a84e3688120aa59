import type { Config } from '#lib/config/schema.ts';
import { sha256Hex } from '#lib/core/message-id.ts';
import type { MaintenanceWindow } from '#lib/core/state.ts';
import { startsOf } from './calendar-starts.ts';

/** Announced work as configured → windows around now. Nothing is remembered: the same now gives the same windows. */

const minuteMs = 60_000;
const defaultLastsMs = 60 * minuteMs;
/** How far back a recurring window is looked for. */
const longestMs = 7 * 86_400_000;

export interface CalendarWindow extends MaintenanceWindow {
  isRecurring: boolean;
}

export interface Calendar {
  /** Windows that are open, the next of each entry, and those that ended within the last ten minutes. */
  windows(nowMs: number): CalendarWindow[];
}

type Entry = Config['maintenance'][number];
type Source = (nowMs: number) => CalendarWindow[];

export function readCalendar(entries: readonly Entry[]): Calendar {
  const sources = entries.map((entry) => (entry.cron ? recurring(entry, entry.cron) : fixed(entry)));
  return { windows: (nowMs) => sources.flatMap((source) => source(nowMs)) };
}

function fixed(entry: Entry): Source {
  const fromMs = Date.parse(entry.from ?? '');
  const toMs = entry.to ? Date.parse(entry.to) : fromMs + (entry.lasts ?? defaultLastsMs);
  const one = windowOf(entry, fromMs, toMs, false);
  return (nowMs) => (toMs > nowMs - 10 * minuteMs ? [one] : []);
}

function recurring(entry: Entry, pattern: string): Source {
  const lastsMs = Math.min(entry.lasts ?? defaultLastsMs, longestMs);
  const starts = startsOf(pattern, entry.time_zone);
  let readAtMs = Number.NaN;
  let read: CalendarWindow[] = [];
  return (nowMs) => {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute === readAtMs) return read;
    readAtMs = minute;
    // The latest beginning whose window is open, or was until just now; and what comes next.
    const begun = [starts.last(nowMs, lastsMs + 10 * minuteMs), starts.next(nowMs)];
    read = begun.flatMap((at) => (at === null ? [] : windowOf(entry, at, at + lastsMs, true)));
    return read;
  };
}

function windowOf(entry: Entry, fromMs: number, toMs: number, isRecurring: boolean): CalendarWindow {
  const id = sha256Hex(`${entry.title}|${entry.scope.join()}|${fromMs}`).slice(0, 16);
  return { id, title: entry.title, scope: entry.scope, fromMs, toMs, isRecurring };
}
