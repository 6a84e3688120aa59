import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { MatrixCell, MatrixRow, Matrix as MatrixView } from '../_data/matrix.ts';
import { Card } from './card.tsx';
import { writeMs } from './format.ts';
import styles from './matrix.module.css';
import { type FilledRow, MatrixRows } from './matrix-rows.tsx';

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
            <MatrixRows rows={matrix.rows.map((row) => rowOf(row, matrix.models, words))} />
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

function rowOf(row: MatrixRow, models: MatrixView['models'], words: Words): FilledRow {
  const name = row.name || words.matrix.any;
  return {
    id: row.id,
    name,
    href: row.path && localPath(words.lang, row.path),
    parts: partsOf(row, models).map(({ cell, model, width }) => ({
      model: model.name,
      width,
      cell: cell && {
        verdict: cell.verdict,
        href: cell.path && localPath(words.lang, cell.path),
        label: `${name}, ${model.name}`,
        word: cell.isLimited ? words.matrix.limited : words.stateShort[cell.verdict],
        firstToken: cell.firstTokenMs === null ? null : writeMs(cell.firstTokenMs),
      },
    })),
  };
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
