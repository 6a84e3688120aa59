import type { History, Incidents, Looks } from '../lib/store.ts';

/**
 * How long each question may take, p95 in milliseconds, with 100 targets looked at each minute for 90 days and every raw
 * look kept (13 million). `npm run bench store-history` measures them; `db/README.md` repeats them.
 */
export const boundsMs = {
  bars: { ms: 5, of: '90 daily bars of everything, with the current state' },
  series: { ms: 10, of: 'percentiles of one target over an hour, a day, 90 days' },
  classes: { ms: 10, of: 'outcomes of one target over 90 days' },
  availability: { ms: 100, of: '100 targets over any period' },
  months: { ms: 100, of: '100 targets by calendar month' },
  limitedByHour: { ms: 20, of: '429s of one target by hour of the week, over 90 days' },
  missed: { ms: 10, of: 'slots of one target that were not run, over 90 days' },
  windows: { ms: 50, of: 'the feed’s five windows of everything' },
  targetsIn: { ms: 10, of: 'everything that was looked at in a period' },
  numbers: {
    ms: 3000,
    of: 'a month’s overhead, failover, lag and markup, from raw looks (in a thread of its own)',
  },
  numberDaysDue: { ms: 300, of: 'the parts of those of one day, to be kept (in the same thread)' },
  between: { ms: 20, of: 'one target’s day, look by look' },
  list: { ms: 10, of: '100 incidents of 10,000' },
} as const satisfies Record<
  keyof History | keyof Pick<Looks, 'between'> | keyof Pick<Incidents, 'list'>,
  { ms: number; of: string }
>;
