import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { ComponentRow, RowGroup } from '../_data/component-row.ts';
import { Card } from './card.tsx';
import styles from './component-rows.module.css';
import { DayBars } from './day-bars.tsx';
import { writeMs } from './format.ts';
import { Since } from './instant.tsx';
import { State } from './state.tsx';
import { Ticks } from './ticks.tsx';

interface Props {
  words: Words;
  nowMs: number;
}

/** Everything watched, one line each: state, ninety days, the last checks. */
export function ComponentRows({ groups, words, nowMs }: Props & { groups: RowGroup[] }) {
  const isEmpty = groups.every((group) => group.rows.length === 0);
  const method = <a href={localPath(words.lang, '/methodology#counting')}>{words.rows.method}</a>;
  return (
    <Card title={words.rows.heading} note={method} id="components">
      {isEmpty && <p className={styles.soft}>{words.rows.none}</p>}
      {groups.map((group) => (
        <div key={group.title ?? ''}>
          {group.title && <h3 className={styles.group}>{group.title}</h3>}
          <ul className={styles.rows}>
            {group.rows.map((row) => (
              <Row key={row.key} row={row} words={words} nowMs={nowMs} />
            ))}
          </ul>
        </div>
      ))}
      {!isEmpty && <p className={styles.legend}>{words.rows.legend}</p>}
    </Card>
  );
}

function Row({ row, words, nowMs }: Props & { row: ComponentRow }) {
  return (
    <li className={row.verdict === 'operational' ? `${styles.row} ${styles.calm}` : styles.row}>
      <div className={styles.what}>
        <Name row={row} words={words} />
        {row.detail && <p className={styles.detail}>{row.detail}</p>}
        {row.verdict !== 'operational' && !row.isTold && row.reason && (
          <p className={styles.why}>{words.said(row.reason)}</p>
        )}
      </div>
      <div className={styles.state}>
        <State verdict={row.verdict} words={words} />
        {row.sinceMs !== null && row.verdict !== 'operational' && (
          <p className={styles.detail}>
            {words.answer.since} <Since atMs={row.sinceMs} nowMs={nowMs} lang={words.lang} />
          </p>
        )}
      </div>
      <div className={styles.days}>
        <DayBars bars={row.bars} words={words} />
        <p className={styles.share}>
          {row.bars.share === null ? words.rows.tooLittle : words.rows.share(row.bars.share)}
        </p>
      </div>
      <div className={styles.last}>
        <Ticks ticks={row.ticks} words={words} />
        {row.firstTokenMs !== null && <span className={styles.soft}>{writeMs(row.firstTokenMs)}</span>}
      </div>
    </li>
  );
}

function Name({ row, words }: { row: ComponentRow; words: Words }) {
  const text =
    row.kind === 'gateway'
      ? words.rows.chatOf(row.name)
      : row.kind === 'catalog'
        ? words.rows.catalogOf(row.name)
        : row.name;
  return row.path ? <a href={localPath(words.lang, row.path)}>{text}</a> : <span>{text}</span>;
}
