import type { Tick } from '../_data/ticks.ts';
import type { Words } from '#lib/words/words.ts';
import styles from './ticks.module.css';

const stepPx = 5;

/** The last checks as bars: full height worked, half height rate limited, low failed; colour says it again. */
export function Ticks({ ticks, words }: { ticks: Tick[]; words: Words }) {
  if (ticks.length === 0) return <span />;
  const count = (result: Tick['result']): number => ticks.filter((t) => t.result === result).length;
  const label = words.check.summary(count('good'), count('bad'), count('limited'));
  return (
    <svg
      className={styles.ticks}
      viewBox={`0 0 ${ticks.length * stepPx} 16`}
      width={ticks.length * stepPx}
      height="16"
      role="img"
      aria-label={label}
    >
      {(['good', 'limited', 'neutral', 'bad'] as const).map((result) => {
        const d = path(ticks, result);
        return d && <path key={result} className={styles[result]} d={d} />;
      })}
    </svg>
  );
}

const boxes: Record<Tick['result'], string> = {
  good: 'v16h3v-16z',
  limited: 'm0 8v8h3v-8z',
  neutral: 'm0 12v4h3v-4z',
  bad: 'v6h3v-6zm0 10v6h3v-6z',
};

function path(ticks: Tick[], result: Tick['result']): string {
  return ticks.map((tick, i) => (tick.result === result ? `M${i * stepPx} 0${boxes[result]}` : '')).join('');
}
