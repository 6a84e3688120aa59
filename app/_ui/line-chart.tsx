'use client';

import { lazy, useState } from 'react';
import type { LineData } from '../_data/chart-data.ts';
import { type ChartLabels, ChartTable, Keys } from './chart-parts.tsx';
import styles from './charts.module.css';
import { WhenSeen } from './when-seen.tsx';

/** The library that draws comes with the first chart that is looked at. */
const LinePlot = lazy(() => import('./line-plot.tsx'));

const lines = [
  { key: 'p50', colour: 'var(--chart-1)', dash: '' },
  { key: 'p95', colour: 'var(--chart-2)', dash: '6 3' },
  { key: 'p99', colour: 'var(--chart-3)', dash: '2 3' },
] as const;

interface Props {
  line: LineData;
  title: string;
  labels: ChartLabels;
  lang: string;
}

/** Median and tails over time: lines differ in dash as well as colour; each can be switched off. */
export function LineChartCard({ line, title, labels, lang }: Props) {
  const [hidden, setHidden] = useState<string[]>([]);
  const points = line.atMs.map((atMs, i) => ({
    atMs,
    p50: line.p50[i] ?? null,
    p95: line.p95[i] ?? null,
    p99: line.p99[i] ?? null,
    n: line.n[i] ?? 0,
  }));
  const shown = lines.filter(({ key }) => line[key].some((value) => value !== null));
  if (shown.length === 0)
    return (
      <figure className={styles.chart}>
        <h3>{title}</h3>
        <p className={styles.empty}>{labels.noData}</p>
      </figure>
    );
  return (
    <figure className={styles.chart}>
      <h3>{title}</h3>
      <WhenSeen className={styles.plot} label={`${title}, ${labels.of}. ${labels.hint}`}>
        <LinePlot
          points={points}
          shown={shown}
          hidden={hidden}
          unit={line.unit}
          labels={labels}
          lang={lang}
        />
      </WhenSeen>
      <Keys
        keys={shown.map(({ key, colour }) => ({ key, colour, name: labels[key] }))}
        hidden={hidden}
        onToggle={(key) =>
          setHidden(hidden.includes(key) ? hidden.filter((k) => k !== key) : [...hidden, key])
        }
      />
      <ChartTable
        labels={labels}
        lang={lang}
        atMs={line.atMs}
        columns={[
          ...shown.map(({ key }) => ({ name: `${labels[key]}, ${line.unit}`, values: line[key] })),
          { name: labels.n, values: line.n },
        ]}
      />
    </figure>
  );
}
