import type { Convention } from '#lib/core/words.ts';
import type { DayBar } from '#lib/store.ts';
import type { ViewContext } from './context.ts';
import { shareText } from './share.ts';

export const barDays = 90;
const dayMs = 86_400_000;
const dayS = 86_400;

/** How one day is painted. `none`: nothing was measured on it. */
export type DayColour = 'operational' | 'degraded' | 'partial_outage' | 'major_outage' | 'none';

export interface Bars {
  fromMs: number;
  days: DayColour[];
  /** Days with trouble, counted for the words beside the picture. */
  troubled: number;
  measured: number;
  share: string | null;
  coverage: number;
}

/** Seconds per day, three columns: a hundred targets times ninety days are added up for one page. */
interface Columns {
  measuredS: Float64Array;
  badS: Float64Array;
  degradedS: Float64Array;
}

/** Share of a day that is bad before the day is painted so: a minute and a half, a quarter of an hour, two hours and a half. */
const degradedShare = 0.001;
const partialShare = 0.01;
const majorShare = 0.1;
/** The same for a day that was merely slow. */
const slowShare = 0.02;

const keptMs = 30_000;
const shelves = new WeakMap<
  ViewContext['store']['history'],
  Map<Convention, { at: string; shelf: BarShelf }>
>();

/** A day's colour hardly moves: one reading serves half a minute, and is thrown away at the next decision. */
export function barShelf(ctx: ViewContext, convention: Convention): BarShelf {
  const { history } = ctx.store;
  const at = `${Math.floor(ctx.nowMs / keptMs)} ${ctx.facts.epoch}-${ctx.facts.seq}`;
  const mine = shelves.get(history) ?? new Map<Convention, { at: string; shelf: BarShelf }>();
  const known = mine.get(convention);
  if (known?.at === at) return known.shelf;
  const shelf = new BarShelf(ctx, convention);
  shelves.set(history, mine.set(convention, { at, shelf }));
  return shelf;
}

export class BarShelf {
  readonly #fromMs: number;
  readonly #days: number;
  readonly #byKey = new Map<string, DayBar[]>();
  readonly #added = new Map<string, Bars>();

  constructor(ctx: ViewContext, convention: Convention, days = barDays) {
    const toMs = Math.floor(ctx.nowMs / dayMs) * dayMs + dayMs;
    this.#days = days;
    this.#fromMs = toMs - days * dayMs;
    for (const bar of ctx.store.history.bars({ fromMs: this.#fromMs, toMs, convention })) {
      const list = this.#byKey.get(bar.targetKey);
      if (list) list.push(bar);
      else this.#byKey.set(bar.targetKey, [bar]);
    }
  }

  /** The days of several targets taken together: seconds are added, never percentages. */
  of(targetKeys: string[]): Bars {
    const name = targetKeys.join('\n');
    const known = this.#added.get(name);
    if (known) return known;
    const bars = this.#add(targetKeys);
    this.#added.set(name, bars);
    return bars;
  }

  #add(targetKeys: string[]): Bars {
    const columns = this.#columns(targetKeys);
    const days = Array.from(columns.measuredS, (_, i) => colourOf(columns, i));
    const measured = days.filter((colour) => colour !== 'none').length;
    const measuredS = total(columns.measuredS);
    const badS = total(columns.badS);
    const coverage = measured === 0 ? 0 : measuredS / (measured * dayS * Math.max(1, targetKeys.length));
    return {
      fromMs: this.#fromMs,
      days,
      troubled: days.filter((colour) => colour !== 'none' && colour !== 'operational').length,
      measured,
      share: shareText(measuredS === 0 ? null : 1 - badS / measuredS, badS, coverage),
      coverage: Math.min(1, coverage),
    };
  }

  #columns(targetKeys: string[]): Columns {
    const columns: Columns = {
      measuredS: new Float64Array(this.#days),
      badS: new Float64Array(this.#days),
      degradedS: new Float64Array(this.#days),
    };
    for (const key of targetKeys)
      for (const bar of this.#byKey.get(key) ?? []) {
        const day = Math.round((bar.dayMs - this.#fromMs) / dayMs);
        if (day < 0 || day >= this.#days) continue;
        columns.measuredS[day]! += bar.measuredS;
        columns.badS[day]! += bar.badS;
        columns.degradedS[day]! += bar.degradedS;
      }
    return columns;
  }
}

function total(column: Float64Array): number {
  return column.reduce((sum, s) => sum + s, 0);
}

function colourOf({ measuredS, badS, degradedS }: Columns, day: number): DayColour {
  const measured = measuredS[day] ?? 0;
  if (measured === 0) return 'none';
  const bad = (badS[day] ?? 0) / measured;
  if (bad > majorShare) return 'major_outage';
  if (bad > partialShare) return 'partial_outage';
  return bad > degradedShare || (degradedS[day] ?? 0) / measured > slowShare ? 'degraded' : 'operational';
}
