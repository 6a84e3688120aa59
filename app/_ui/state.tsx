import type { Verdict } from '#lib/core/words.ts';
import type { Words } from '#lib/words/words.ts';
import { Mark } from './mark.tsx';
import styles from './state.module.css';

/** Shape, colour and word of a state. */
export function State({ verdict, words, word }: { verdict: Verdict; words: Words; word?: string }) {
  return (
    <span className={`${styles.state} ${styles[verdict]}`}>
      <Mark verdict={verdict} />
      {word ?? words.state[verdict]}
    </span>
  );
}
