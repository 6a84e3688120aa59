import type { Words } from '#lib/words/words.ts';
import type { Bars, DayColour } from '../_data/bars.ts';
import styles from './day-bars.module.css';
import { Drawing, type Drawn } from './drawing.tsx';

const stepPx = 4;
/** The worse a day was the taller it stands, so that it is read without colour. */
const heights: Record<DayColour, [number, number]> = {
  operational: [11, 24],
  degraded: [7, 24],
  partial_outage: [3, 24],
  major_outage: [0, 24],
  none: [22, 24],
};
const colours: DayColour[] = ['operational', 'degraded', 'partial_outage', 'major_outage', 'none'];

/**
 * Ninety days in at most five paths. A run of equal days is one line whose dashes are the days, so a calm quarter
 * weighs a dozen bytes.
 */
export function DayBars({ bars, words }: { bars: Bars; words: Words }) {
  return <Drawing {...dayBars(bars, words)} />;
}

/** The drawing as plain values, for lists that are rendered in one go. */
export function dayBars(bars: Bars, words: Words): Drawn {
  return {
    className: styles.bars,
    viewBox: `0 0 ${bars.days.length * stepPx} 24`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': words.rows.barsLabel(bars.measured, bars.troubled),
    inside: drawn(bars),
  };
}

const drawings = new WeakMap<Bars, string>();

/** The same days are the same drawing: a day moves once a minute, a page is made more often. */
function drawn(bars: Bars): string {
  const known = drawings.get(bars);
  if (known !== undefined) return known;
  const drawing = colours.map((colour) => pathOf(bars.days, colour)).join('');
  drawings.set(bars, drawing);
  return drawing;
}

function pathOf(days: DayColour[], colour: DayColour): string {
  const d = runs(days, colour);
  return d && `<path class="${styles[colour]}" d="${d}" stroke-width="${thickness(colour)}"/>`;
}

function thickness(colour: DayColour): number {
  const [top, bottom] = heights[colour];
  return bottom - top;
}

function runs(days: DayColour[], colour: DayColour): string {
  const [top, bottom] = heights[colour];
  const middle = (top + bottom) / 2;
  let path = '';
  for (let i = 0; i < days.length; i++) {
    if (days[i] !== colour) continue;
    const start = i;
    while (days[i + 1] === colour) i++;
    path += `M${start * stepPx} ${middle}h${(i - start + 1) * stepPx - 1}`;
  }
  return path;
}
