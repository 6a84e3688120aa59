'use client';

import styles from './charts.module.css';
import { writeInstant } from './instant-text.ts';

export interface ChartLabels {
  p50: string;
  p95: string;
  p99: string;
  n: string;
  time: string;
  table: string;
  noData: string;
  hint: string;
  part: string;
  limited: string;
  limitedShare: string;
  errors: string;
  of: string;
}

const dayMs = 86_400_000;

export function axisTime(atMs: number, spanMs: number, lang: string): string {
  const text = writeInstant(atMs, spanMs > 2 * dayMs ? 'day' : 'time', lang);
  return spanMs > 2 * dayMs ? text.replace(/[ ,]*\d{4}年?/, '') : text;
}

interface TipProps {
  unit: string;
  labels: ChartLabels;
  lang: string;
  active?: boolean;
  label?: number | string;
  payload?: { name?: string | number; value?: unknown; color?: string; payload?: { n?: number } }[];
}

export function ChartTip({ unit, labels, lang, active, label, payload }: TipProps) {
  if (!active || !payload?.length) return null;
  const n = payload[0]?.payload?.n;
  return (
    <div className={styles.tip}>
      <strong>{writeInstant(Number(label), 'short', lang)} UTC</strong>
      {payload
        .filter((p) => p.value !== null && p.value !== 0)
        .map((p) => (
          <div key={String(p.name)}>
            {String(p.name)}: {String(p.value)} {unit}
          </div>
        ))}
      {n !== undefined && (
        <div>
          {n} {labels.n}
        </div>
      )}
    </div>
  );
}

interface KeysProps {
  keys: { key: string; colour: string; name: string }[];
  hidden: string[];
  onToggle: (key: string) => void;
}

export function Keys({ keys, hidden, onToggle }: KeysProps) {
  return (
    <div className={styles.keys}>
      {keys.map(({ key, colour, name }) => (
        <button key={key} type="button" aria-pressed={!hidden.includes(key)} onClick={() => onToggle(key)}>
          <span className={styles.swatch} style={{ background: colour }} />
          {name}
        </button>
      ))}
    </div>
  );
}

interface TableProps {
  labels: ChartLabels;
  lang: string;
  atMs: number[];
  columns: { name: string; values: (number | null)[] }[];
}

/** The numbers behind the picture; rows without any are left out. */
export function ChartTable({ labels, lang, atMs, columns }: TableProps) {
  const rows = atMs
    .map((_, i) => i)
    .filter((i) => columns.some((c) => c.values[i] !== null && c.values[i] !== 0));
  return (
    <details className={styles.table}>
      <summary>{labels.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={labels.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{labels.time}, UTC</th>
              {columns.map((c) => (
                <th key={c.name} scope="col">
                  {c.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((i) => (
              <tr key={atMs[i]}>
                <td>{writeInstant(atMs[i] ?? 0, 'short', lang)}</td>
                {columns.map((c) => (
                  <td key={c.name}>{c.values[i] ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
