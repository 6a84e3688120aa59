import type { Words } from '#lib/words/words.ts';
import type { Answer } from '../_data/answer.ts';
import type { Freshness } from '../_data/fresh.ts';
import styles from './answer.module.css';
import { Since } from './instant.tsx';
import { Mark } from './mark.tsx';

interface Props {
  answer: Answer;
  freshness: Freshness;
  hasRoutes: boolean;
  words: Words;
  nowMs: number;
}

/** The first line of the page: one sentence, then how sure, and when we last checked. */
export function AnswerBand({ answer, freshness, hasRoutes, words, nowMs }: Props) {
  const { verdict, overall, sure, checks, lastCheckAtMs } = answer;
  const isKnown = verdict !== 'unknown';
  return (
    <section className={`${styles.band} ${styles[verdict]}`} aria-labelledby="answer" data-answer>
      <h1 id="answer">
        <Mark verdict={verdict} label={words.state[verdict]} />
        <span>{freshness === 'never' ? words.answer.never : words.answer.sentence(overall)}</span>
      </h1>
      <p className={styles.meta}>
        {isKnown && (
          <span>
            {words.sure[sure]}
            {checks > 0 && `, ${words.answer.checks(checks)}`}
          </span>
        )}
        {lastCheckAtMs !== null && (
          <span>
            {words.answer.lastCheck} <Since atMs={lastCheckAtMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        {freshness === 'stopped' && <span>{words.answer.stopped}</span>}
        {freshness === 'fresh' && !hasRoutes && <span>{words.answer.noKey}</span>}
      </p>
      <p className={styles.stale} data-stale-note hidden>
        {words.answer.stale}
      </p>
    </section>
  );
}
