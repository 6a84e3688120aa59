'use client';

import type { Verdict } from '#lib/core/words.ts';
import { Mark } from './mark.tsx';
import styles from './matrix.module.css';

export interface FilledCell {
  verdict: Verdict;
  href: string | null;
  label: string;
  word: string;
  firstToken: string | null;
}
export interface FilledRow {
  id: string;
  name: string;
  href: string | null;
  /** Without a cell: so many models that are not watched here. */
  parts: { model: string; width: number; cell: FilledCell | null }[];
}

/** Apart for the reason the long list is: its rows travel as values. */
export function MatrixRows({ rows }: { rows: FilledRow[] }) {
  return rows.map((row) => (
    <tr key={row.id}>
      <th scope="row">{row.href ? <a href={row.href}>{row.name}</a> : row.name}</th>
      {row.parts.map(({ model, width, cell }) =>
        cell ? (
          <td key={model} data-model={model}>
            <Cell cell={cell} />
          </td>
        ) : (
          <td key={model} className={styles.blank} colSpan={width} />
        ),
      )}
    </tr>
  ));
}

function Cell({ cell: { verdict, href, label, word, firstToken } }: { cell: FilledCell }) {
  const body = (
    <>
      <Mark verdict={verdict} />
      <span className={styles.unseen}>{label}: </span>
      <span>{word}</span>
      {firstToken && <small>{firstToken}</small>}
    </>
  );
  const name = `${styles.cell} ${styles[verdict]}`;
  if (!href) return <span className={name}>{body}</span>;
  return (
    <a className={name} href={href}>
      {body}
    </a>
  );
}
