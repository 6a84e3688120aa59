'use client';

import { useState } from 'react';
import { Brush, CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { LineData } from '../_data/chart-data.ts';
import { axisTime, type ChartLabels, ChartTable, ChartTip, Keys } from './chart-parts.tsx';
import styles from './charts.module.css';

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
  const spanMs = (line.atMs.at(-1) ?? 0) - (line.atMs[0] ?? 0);
  return (
    <figure className={styles.chart}>
      <h3>{title}</h3>
      <section className={styles.plot} aria-label={`${title}, ${labels.of}. ${labels.hint}`}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={points} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="atMs"
              type="number"
              domain={['dataMin', 'dataMax']}
              scale="time"
              stroke="var(--soft)"
              tickFormatter={(at: number) => axisTime(at, spanMs, lang)}
              minTickGap={40}
            />
            <YAxis
              stroke="var(--soft)"
              width={56}
              tickFormatter={(value: number) => writeAxis(value, line.unit)}
            />
            <Tooltip content={<ChartTip unit={line.unit} labels={labels} lang={lang} />} />
            {shown.map(({ key, colour, dash }) => (
              <Line
                key={key}
                dataKey={key}
                name={labels[key]}
                stroke={colour}
                strokeDasharray={dash}
                strokeWidth={key === 'p50' ? 2 : 1.5}
                dot={false}
                isAnimationActive={false}
                hide={hidden.includes(key)}
              />
            ))}
            <Brush
              dataKey="atMs"
              height={18}
              stroke="var(--soft)"
              fill="var(--ground)"
              tickFormatter={() => ''}
            />
          </LineChart>
        </ResponsiveContainer>
      </section>
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

function writeAxis(value: number, unit: LineData['unit']): string {
  if (unit !== 'ms') return String(value);
  return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
}
