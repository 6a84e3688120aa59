import { shutOutFrom } from '#lib/core/sentence.ts';
import type { Words } from '#lib/words/words.ts';
import type { Freshness } from '../_data/fresh.ts';
import type { WatchedAnswer } from '../_data/watch.ts';
import styles from './answer.module.css';
import { Since } from './instant.tsx';
import { Mark } from './mark.tsx';

interface Props {
  answer: WatchedAnswer;
  freshness: Freshness;
  hasRoutes: boolean;
  words: Words;
  nowMs: number;
}

/** The first line of the page: one sentence, then how sure, and when we last checked. */
export function AnswerBand({ answer, freshness, hasRoutes, words, nowMs }: Props) {
  const { verdict, sure, checks, lastCheckAtMs } = answer;
  const isKnown = verdict !== 'unknown';
  return (
    <section className={`${styles.band} ${styles[verdict]}`} aria-labelledby="answer" data-answer>
      <h1 id="answer">
        <Mark verdict={verdict} label={words.state[verdict]} />
        <span>{sentenceOf({ answer, freshness, hasRoutes, words })}</span>
      </h1>
      <p className={styles.meta}>
        {isKnown && (
          <span>
            {words.sure[sure]}
            {checks > 0 && words.comma + words.answer.checks(checks)}
          </span>
        )}
        {lastCheckAtMs !== null && (
          <span>
            {words.answer.lastCheck} <Since atMs={lastCheckAtMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        {freshness === 'stopped' && <span>{words.answer.stopped}</span>}
      </p>
      <p className={styles.stale} data-stale-note hidden>
        {words.answer.stale}
      </p>
    </section>
  );
}

/** Without a key nothing is judged but what is free: then the sentence says so instead of counting services. */
export function sentenceOf({ answer, freshness, hasRoutes, words }: Omit<Props, 'nowMs'>): string {
  if (freshness === 'never') return words.answer.never;
  const { incidents, isBlind, components } = answer.overall;
  const isJudged =
    hasRoutes ||
    isBlind ||
    freshness === 'stopped' ||
    shutOutFrom({ components }) !== undefined ||
    incidents.some((i) => i.status === 'open');
  if (isJudged || answer.watched) return writeAnswer(answer, words);
  const catalog = components.find((c) => c.kind === 'catalog');
  return catalog?.verdict === 'operational' ? words.answer.noKeyAnswers : words.answer.noKey;
}

/** What is wrong, without since when: a title stands still. */
export function firstClause(sentence: string): string {
  return sentence.split(/\.(?:\s|$)|。/u)[0] ?? sentence;
}

/** The one sentence: of an incident in the words of every message, else of what is watched, else of everything. */
export function writeAnswer({ overall, watched }: WatchedAnswer, words: Words): string {
  return watched ? words.watch.sentence(watched) : words.answer.sentence(overall);
}
