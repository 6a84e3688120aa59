import type { Words } from '#lib/words/words.ts';
import type { EmbedView } from '../_data/embed.ts';
import { writeAnswer } from './answer.tsx';
import styles from './embed.module.css';
import { Since } from './instant.tsx';
import { Main } from './main.tsx';
import { Mark } from './mark.tsx';

interface Props {
  view: EmbedView;
  theme: string | undefined;
  words: Words;
  nowMs: number;
}

export function Embed({ view, theme, words, nowMs }: Props) {
  const { answer } = view;
  return (
    <div className={styles.frame} data-theme={theme === 'dark' || theme === 'light' ? theme : undefined}>
      <Main untilMs={view.untilMs} verdict={answer.verdict} position={view.position}>
        <a className={styles.link} href={view.url} target="_blank" rel="noopener">
          <Mark verdict={answer.verdict} label={words.state[answer.verdict]} />
          <div>
            <h1 className={styles.name}>{view.names.join(', ') || view.title}</h1>
            <span className={styles.sentence}>
              {view.isEmpty ? words.answer.never : writeAnswer(answer, words)}
            </span>
            {answer.lastCheckAtMs !== null && (
              <small>
                {words.answer.lastCheck} <Since atMs={answer.lastCheckAtMs} nowMs={nowMs} lang={words.lang} />
              </small>
            )}
          </div>
        </a>
        <p data-stale-note hidden>
          {words.answer.stale}
        </p>
      </Main>
    </div>
  );
}
