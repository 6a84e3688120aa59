import type { Words } from '#lib/words/words.ts';
import type { Tick } from '../_data/ticks.ts';
import { Drawing, type Drawn } from './drawing.tsx';
import styles from './ticks.module.css';

const results = ['good', 'limited', 'neutral', 'bad'] as const;
const stepPx = 5;
const heightPx = 24;

interface Known {
  inside: string;
  counts: Record<Tick['result'], number>;
}
const drawings = new WeakMap<Tick[], Known>();

/** The last checks: the taller a bar, the longer until the first word; a failure is a cross, whatever the colour. */
export function Ticks({ ticks, words }: { ticks: Tick[]; words: Words }) {
  return ticks.length === 0 ? null : <Drawing {...tickBars(ticks, words)} />;
}

export function tickBars(ticks: Tick[], words: Words): Drawn {
  const { inside, counts } = drawn(ticks);
  const width = ticks.length * stepPx;
  return {
    className: styles.ticks,
    viewBox: `0 0 ${width} ${heightPx}`,
    width,
    height: heightPx,
    role: 'img',
    'aria-label': words.check.summary(counts.good, counts.bad, counts.limited),
    inside,
  };
}

/** The same list of checks is the same drawing. */
function drawn(ticks: Tick[]): Known {
  const known = drawings.get(ticks);
  if (known) return known;
  const counts = { good: 0, bad: 0, limited: 0, neutral: 0 };
  const paths = { good: '', bad: '', limited: '', neutral: '' };
  const slowest = Math.max(1, ...ticks.map((t) => t.firstTokenMs ?? 0));
  ticks.forEach((tick, i) => {
    counts[tick.result] += 1;
    paths[tick.result] += shape(tick, i * stepPx, slowest);
  });
  const made = { inside: results.map((result) => pathOf(result, paths[result])).join(''), counts };
  drawings.set(ticks, made);
  return made;
}

function pathOf(result: Tick['result'], d: string): string {
  return d && `<path class="${styles[result]}" d="${d}"/>`;
}

function shape({ result, firstTokenMs }: Tick, x: number, slowest: number): string {
  if (result === 'bad') return `M${x} 10l4 4m0-4l-4 4`;
  if (result === 'limited') return `M${x + 2} 24v-12`;
  if (result === 'neutral' || firstTokenMs === null) return `M${x + 2} 24v-3`;
  return `M${x + 2} 24v-${Math.max(2, Math.round((firstTokenMs / slowest) * heightPx))}`;
}
