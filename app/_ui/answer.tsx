import type { Words } from '#lib/words/words.ts';
import type { Answer } from '../_data/answer.ts';
import type { Freshness } from '../_data/fresh.ts';
import styles from './answer.module.css';
import { Since } from './instant.tsx';
import { Mark } from './mark.tsx';

interface Props {
  answer: Answer;
  freshness: Freshness;
  asOfMs: number | null;
  words: Words;
  nowMs: number;
}

/** The first line of the page: one sentence, then since when, how sure and when we last checked. */
export function AnswerBand({ answer, freshness, asOfMs, words, nowMs }: Props) {
  const verdict = freshness === 'fresh' ? answer.verdict : 'unknown';
  const sentence =
    freshness === 'fresh'
      ? answer.sentence
      : freshness === 'never'
        ? words.answer.never
        : words.answer.stopped;
  return (
    <section className={`${styles.band} ${styles[verdict]}`} aria-labelledby="answer">
      <h1 id="answer">
        <Mark verdict={verdict} label={words.state[verdict]} />
        <span>{sentence}</span>
      </h1>
      <p className={styles.meta}>
        {freshness === 'fresh' && answer.sinceMs !== null && (
          <span>
            {words.answer.since} <Since atMs={answer.sinceMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        {freshness === 'fresh' && (
          <span>
            {words.sure[answer.sure]}, {words.answer.checks(answer.checks)}
          </span>
        )}
        {answer.lastCheckAtMs !== null && (
          <span>
            {words.answer.lastCheck} <Since atMs={answer.lastCheckAtMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        {freshness === 'stopped' && asOfMs !== null && (
          <span>
            {words.answer.asOf} <Since atMs={asOfMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        <span data-stale hidden>
          {words.answer.stale}
        </span>
      </p>
    </section>
  );
}
