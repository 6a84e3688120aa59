import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { MatrixCell, MatrixRow, Matrix as MatrixView } from '../_data/matrix.ts';
import { Card } from './card.tsx';
import { writeMs } from './format.ts';
import { Mark } from './mark.tsx';
import styles from './matrix.module.css';

/** Providers down, models across; on a phone each provider becomes a small list. */
export function Matrix({ matrix, words }: { matrix: MatrixView; words: Words }) {
  const isReported = matrix.source === 'reported';
  if (matrix.rows.length === 0)
    return (
      <Card title={words.matrix.heading}>
        <p className={styles.empty}>{words.matrix.none}</p>
      </Card>
    );
  return (
    <Card title={words.matrix.heading} note={isReported ? <Hatched words={words} /> : undefined}>
      {isReported && <p className={styles.hint}>{words.matrix.reportedHint}</p>}
      <div className={styles.scroll}>
        <table className={isReported ? `${styles.matrix} ${styles.reported}` : styles.matrix}>
          <thead>
            <tr>
              <th scope="col">{words.matrix.provider}</th>
              {matrix.models.map((model) => (
                <th key={model.id} scope="col">
                  {model.path ? <a href={localPath(words.lang, model.path)}>{model.name}</a> : model.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((row) => (
              <Row key={row.id} row={row} models={matrix.models} words={words} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Hatched({ words }: { words: Words }) {
  return (
    <>
      <span className={styles.sample} aria-hidden="true" /> {words.matrix.reported}
    </>
  );
}

function Row({ row, models, words }: { row: MatrixRow; models: MatrixView['models']; words: Words }) {
  return (
    <tr>
      <th scope="row">
        {row.path ? <a href={localPath(words.lang, row.path)}>{row.name}</a> : row.name || words.matrix.any}
      </th>
      {partsOf(row, models).map(({ cell, model, width }) =>
        cell ? (
          <td key={model.id} data-model={model.name}>
            <Cell cell={cell} words={words} label={`${row.name || words.matrix.any}, ${model.name}`} />
          </td>
        ) : (
          <td key={model.id} className={styles.blank} colSpan={width} />
        ),
      )}
    </tr>
  );
}

interface Part {
  cell: MatrixCell | null;
  model: MatrixView['models'][number];
  width: number;
}

/** Most of a matrix is empty: cells without anything that stand side by side are one. */
function partsOf(row: MatrixRow, models: MatrixView['models']): Part[] {
  const parts: Part[] = [];
  models.forEach((model, i) => {
    const cell = row.cells[i] ?? null;
    const last = parts.at(-1);
    if (cell === null && last?.cell === null) last.width += 1;
    else parts.push({ cell, model, width: 1 });
  });
  return parts;
}

function Cell({ cell, words, label }: { cell: MatrixCell; words: Words; label: string }) {
  const word = words.stateShort[cell.verdict];
  const body = (
    <>
      <Mark verdict={cell.verdict} />
      <span className={styles.unseen}>{label}: </span>
      <span>{cell.isLimited ? words.matrix.limited : word}</span>
      {cell.firstTokenMs !== null && <small>{writeMs(cell.firstTokenMs)}</small>}
    </>
  );
  const name = `${styles.cell} ${styles[cell.verdict]}`;
  if (!cell.path) return <span className={name}>{body}</span>;
  return (
    <a className={name} href={localPath(words.lang, cell.path)}>
      {body}
    </a>
  );
}
