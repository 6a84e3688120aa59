import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import { conventions } from '../_data/convention.ts';
import type { DetailView } from '../_data/detail.ts';
import styles from './availability.module.css';
import { Card } from './card.tsx';
import { DayBars } from './day-bars.tsx';

/** Availability over four spans, with how failures were counted and how much was measured. */
export function Availability({ view, words }: { view: DetailView; words: Words }) {
  const chosen = words.detail.countingNames[view.convention];
  return (
    <Card
      title={words.detail.availability}
      note={<a href={localPath(words.lang, '/methodology#counting')}>{chosen}</a>}
    >
      <dl className={styles.spans}>
        {view.availability.map((row) => (
          <div key={row.days}>
            <dt>{words.detail.span(row.days)}</dt>
            <dd className={styles.share}>{row.share === null ? '–' : `${row.share} %`}</dd>
            <dd className={styles.soft}>
              {row.share === null ? words.detail.tooLittle : words.detail.measured(row.measured)}
            </dd>
          </div>
        ))}
      </dl>
      <DayBars bars={view.bars} words={words} />
      <p className={styles.ends}>
        <span>{words.rows.daysAgo}</span>
        <span>{words.rows.today}</span>
      </p>
      <nav className={styles.counting} aria-label={words.detail.counting}>
        {words.detail.counting}:{' '}
        {conventions.map((name) => (
          <a
            key={name}
            href={`${localPath(words.lang, view.path)}?convention=${name}&range=${view.range}`}
            aria-current={name === view.convention ? 'true' : undefined}
          >
            {words.detail.countingNames[name]}
          </a>
        ))}
      </nav>
    </Card>
  );
}
