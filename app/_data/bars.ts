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

interface Sum {
  measuredS: number;
  badS: number;
  degradedS: number;
}

/** Share of a day that is bad before the day is painted so: a minute and a half, a quarter of an hour, two hours and a half. */
const degradedShare = 0.001;
const partialShare = 0.01;
const majorShare = 0.1;
/** The same for a day that was merely slow. */
const slowShare = 0.02;

export class BarShelf {
  readonly #fromMs: number;
  readonly #byKey = new Map<string, Map<number, DayBar>>();

  constructor(ctx: ViewContext, convention: Convention, days = barDays) {
    const toMs = Math.floor(ctx.nowMs / dayMs) * dayMs + dayMs;
    this.#fromMs = toMs - days * dayMs;
    for (const bar of ctx.store.history.bars({ fromMs: this.#fromMs, toMs, convention })) {
      const days = this.#byKey.get(bar.targetKey) ?? new Map<number, DayBar>();
      days.set(bar.dayMs, bar);
      this.#byKey.set(bar.targetKey, days);
    }
    this.days = days;
  }

  readonly days: number;

  /** The days of several targets taken together: seconds are added, never percentages. */
  of(targetKeys: string[]): Bars {
    const sums = Array.from({ length: this.days }, (_, i) => this.#sum(targetKeys, this.#fromMs + i * dayMs));
    const all = sums.reduce(add, { measuredS: 0, badS: 0, degradedS: 0 });
    const colours = sums.map(colourOf);
    const measured = colours.filter((c) => c !== 'none').length;
    const coverage = measured === 0 ? 0 : all.measuredS / (measured * dayS * Math.max(1, targetKeys.length));
    return {
      fromMs: this.#fromMs,
      days: colours,
      troubled: colours.filter((c) => c !== 'none' && c !== 'operational').length,
      measured,
      share: shareText(all.measuredS === 0 ? null : 1 - all.badS / all.measuredS, all.badS, coverage),
      coverage: Math.min(1, coverage),
    };
  }

  #sum(targetKeys: string[], day: number): Sum {
    let sum: Sum = { measuredS: 0, badS: 0, degradedS: 0 };
    for (const key of targetKeys) {
      const bar = this.#byKey.get(key)?.get(day);
      if (bar) sum = add(sum, bar);
    }
    return sum;
  }
}

function add(a: Sum, b: Sum): Sum {
  return {
    measuredS: a.measuredS + b.measuredS,
    badS: a.badS + b.badS,
    degradedS: a.degradedS + b.degradedS,
  };
}

function colourOf({ measuredS, badS, degradedS }: Sum): DayColour {
  if (measuredS === 0) return 'none';
  const bad = badS / measuredS;
  if (bad > majorShare) return 'major_outage';
  if (bad > partialShare) return 'partial_outage';
  return bad > degradedShare || degradedS / measuredS > slowShare ? 'degraded' : 'operational';
}
