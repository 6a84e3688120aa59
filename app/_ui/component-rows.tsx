import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { ComponentRow, RowGroup } from '../_data/component-row.ts';
import { Card } from './card.tsx';
import styles from './component-rows.module.css';
import { dayBars } from './day-bars.tsx';
import { writeMs } from './format.ts';
import { type Line, RowList } from './row-list.tsx';
import { tickBars } from './ticks.tsx';

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
          <RowList lines={group.rows.map((row) => lineOf(row, words))} nowMs={nowMs} lang={words.lang} />
        </div>
      ))}
      {!isEmpty && <p className={styles.legend}>{words.rows.legend}</p>}
    </Card>
  );
}

function lineOf(row: ComponentRow, words: Words): Line {
  const isCalm = row.verdict === 'operational';
  return {
    key: row.key,
    name: nameOf(row, words),
    href: row.path && localPath(words.lang, row.path),
    detail: row.detail,
    why: whyOf(row, words),
    verdict: row.verdict,
    state: words.state[row.verdict],
    since: isCalm || row.sinceMs === null ? null : { word: words.answer.since, atMs: row.sinceMs },
    days: dayBars(row.bars, words),
    share: row.bars.share === null ? words.rows.tooLittle : words.rows.share(row.bars.share),
    last: row.ticks.length === 0 ? null : tickBars(row.ticks, words),
    firstToken: row.firstTokenMs === null ? null : writeMs(row.firstTokenMs),
  };
}

/** Where an incident tells more, whose it is will do. */
function whyOf({ verdict, isTold, because, reason }: ComponentRow, words: Words): string | null {
  if (verdict === 'operational') return null;
  if (isTold) return because && `${words.detail.because} ${because}`;
  return reason ? words.said(reason) : null;
}

function nameOf({ kind, name }: ComponentRow, words: Words): string {
  if (kind === 'gateway') return words.rows.chatOf(name);
  return kind === 'catalog' ? words.rows.catalogOf(name) : name;
}
