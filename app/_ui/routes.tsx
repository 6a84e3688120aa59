import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { DetailView } from '../_data/detail.ts';
import type { RouteRow } from '../_data/route-row.ts';
import { Card } from './card.tsx';
import { writeMs } from './format.ts';
import { Since } from './instant.tsx';
import styles from './routes.module.css';
import { State } from './state.tsx';
import { Ticks } from './ticks.tsx';

interface Props {
  view: DetailView;
  words: Words;
  nowMs: number;
}

export function Routes({ view, words, nowMs }: Props) {
  return (
    <Card title={words.detail.routes} live="routes">
      {view.routes.length === 0 && <p className={styles.soft}>{words.matrix.none}</p>}
      <ul>
        {view.routes.map((row) => (
          <Row key={row.id} row={row} view={view} words={words} nowMs={nowMs} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ row, view, words, nowMs }: Props & { row: RouteRow }) {
  const isSelected = view.selected?.id === row.id;
  const query = new URLSearchParams({ convention: view.convention, range: view.range, route: row.id });
  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <a href={localPath(words.lang, row.path)}>{labelOf(row, view.kind, words)}</a>
        <p className={styles.soft}>{row.action === 'use' ? row.gateway : words.detail.action[row.action]}</p>
      </div>
      <div>
        <State verdict={row.verdict} words={words} />
        <p className={styles.soft}>
          {words.answer.since} <Since atMs={row.sinceMs} nowMs={nowMs} lang={words.lang} />
        </p>
      </div>
      <div className={styles.last}>
        <Ticks ticks={row.ticks} words={words} />
        {row.firstTokenMs !== null && <span className={styles.soft}>{writeMs(row.firstTokenMs)}</span>}
      </div>
      <p className={styles.pick}>
        {isSelected ? (
          <span className={styles.soft}>{words.detail.selected}</span>
        ) : (
          <a href={`${localPath(words.lang, view.path)}?${query}#charts`}>{words.detail.show}</a>
        )}
      </p>
    </li>
  );
}

/** What the page itself is about needs no repeating. */
function labelOf(row: RouteRow, kind: DetailView['kind'], words: Words): string {
  const provider = row.provider || words.matrix.any;
  if (kind === 'model') return provider;
  return kind === 'provider' ? row.model : `${row.model} · ${provider}`;
}
