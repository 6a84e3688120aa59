import type { Words } from '#lib/words/words.ts';
import type { Tick } from '../_data/ticks.ts';
import { Drawing } from './drawing.tsx';
import styles from './ticks.module.css';

const results = ['good', 'limited', 'neutral', 'bad'] as const;
const stepPx = 5;
const heightPx = 24;

/** The last checks: the taller a bar, the longer until the first word; a failure is a cross, whatever the colour. */
export function Ticks({ ticks, words }: { ticks: Tick[]; words: Words }) {
  if (ticks.length === 0) return null;
  const count = (result: Tick['result']): number => ticks.filter((t) => t.result === result).length;
  const label = words.check.summary(count('good'), count('bad'), count('limited'));
  const slowest = Math.max(1, ...ticks.map((t) => t.firstTokenMs ?? 0));
  const draw = (result: Tick['result']): string =>
    ticks.map((tick, i) => (tick.result === result ? shape(tick, i * stepPx, slowest) : '')).join('');
  const width = ticks.length * stepPx;
  return (
    <Drawing
      className={styles.ticks}
      viewBox={`0 0 ${width} ${heightPx}`}
      width={width}
      height={heightPx}
      role="img"
      aria-label={label}
      inside={results.map((result) => pathOf(result, draw(result))).join('')}
    />
  );
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
