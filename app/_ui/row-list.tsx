'use client';

import type { Verdict } from '#lib/core/words.ts';
import styles from './component-rows.module.css';
import { Drawing, type Drawn } from './drawing.tsx';
import { Since } from './instant.tsx';
import { Mark } from './mark.tsx';
import stateStyles from './state.module.css';

/** One line in plain words and values. */
export interface Line {
  key: string;
  name: string;
  href: string | null;
  detail: string;
  why: string | null;
  verdict: Verdict;
  state: string;
  since: { word: string; atMs: number } | null;
  days: Drawn;
  share: string;
  last: Drawn | null;
  firstToken: string | null;
}

/**
 * The long list. It stands apart as what Next calls a client part because its lines then travel as values and are
 * rendered once, which halves a page's work; the page itself is served without scripts.
 */
export function RowList({ lines, nowMs, lang }: { lines: Line[]; nowMs: number; lang: string }) {
  return (
    <ul className={styles.rows}>
      {lines.map((line) => (
        <Row key={line.key} line={line} nowMs={nowMs} lang={lang} />
      ))}
    </ul>
  );
}

function Row({ line, nowMs, lang }: { line: Line; nowMs: number; lang: string }) {
  const { verdict, since } = line;
  return (
    <li className={verdict === 'operational' ? `${styles.row} ${styles.calm}` : styles.row}>
      <div className={styles.what}>
        {line.href ? <a href={line.href}>{line.name}</a> : <span>{line.name}</span>}
        {line.detail && <p className={styles.detail}>{line.detail}</p>}
        {line.why && <p className={styles.why}>{line.why}</p>}
      </div>
      <div className={styles.state}>
        <span className={`${stateStyles.state} ${stateStyles[verdict]}`}>
          <Mark verdict={verdict} />
          {line.state}
        </span>
        {since && (
          <p className={styles.detail}>
            {since.word} <Since atMs={since.atMs} nowMs={nowMs} lang={lang} />
          </p>
        )}
      </div>
      <div className={styles.days}>
        <Drawing {...line.days} />
        <p className={styles.share}>{line.share}</p>
      </div>
      <div className={styles.last}>
        {line.last && <Drawing {...line.last} />}
        {line.firstToken && <span className={styles.soft}>{line.firstToken}</span>}
      </div>
    </li>
  );
}
