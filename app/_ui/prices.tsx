import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { PriceRow } from '../_data/price-row.ts';
import { Card } from './card.tsx';
import { writeCount } from './format.ts';
import styles from './prices.module.css';
import { ScrollTable } from './scroll-table.tsx';

export function Prices({ rows, words }: { rows: PriceRow[]; words: Words }) {
  if (rows.length === 0) return null;
  const w = words.detail;
  const usd = (value: number | null): string => (value === null ? w.variable : `$${value}`);
  return (
    <Card title={w.price}>
      <p className={styles.note}>{w.priceNote}</p>
      <ScrollTable label={w.price}>
        <thead>
          <tr>
            {[words.matrix.provider, w.priceIn, w.priceOut, w.context, w.precision, w.uptime].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.tag}>
              <td>
                <a href={localPath(words.lang, row.path)}>{row.provider}</a>
              </td>
              <td>{usd(row.promptPerMillion)}</td>
              <td>{usd(row.completionPerMillion)}</td>
              <td>{row.contextLength === null ? '–' : writeCount(row.contextLength)}</td>
              <td>{row.quantization ?? '–'}</td>
              <td className={styles.reported}>{row.uptime1d === null ? '–' : `${row.uptime1d} %`}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Card>
  );
}
