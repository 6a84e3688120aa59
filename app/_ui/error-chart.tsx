'use client';

import { useState } from 'react';
import {
  Bar,
  Brush,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { StackData } from '../_data/chart-data.ts';
import { axisTime, type ChartLabels, ChartTable, ChartTip, Keys } from './chart-parts.tsx';
import styles from './charts.module.css';

interface Props {
  errors: StackData;
  /** What each class is called, in the order of `errors.classes`. */
  names: string[];
  labels: ChartLabels;
  lang: string;
}

const colours = [
  'var(--down)',
  'var(--chart-3)',
  'var(--chart-1)',
  'var(--maintenance)',
  'var(--degraded)',
  'var(--unknown)',
];
const share = 'limited-share';

/** Failed and limited checks stacked by kind, with the share that was rate limited as a line. */
export function ErrorChart({ errors, names, labels, lang }: Props) {
  const [hidden, setHidden] = useState<string[]>([]);
  const spanMs = (errors.atMs.at(-1) ?? 0) - (errors.atMs[0] ?? 0);
  const keys = errors.classes.map((c, i) => ({
    key: c.name,
    name: names[i] ?? c.name,
    colour: colours[i % colours.length] ?? 'var(--down)',
  }));
  const points = errors.atMs.map((atMs, i) => ({
    atMs,
    n: errors.total[i] ?? 0,
    [share]: errors.limitedShare[i] ?? null,
    ...Object.fromEntries(errors.classes.map((c) => [c.name, c.counts[i] ?? 0])),
  }));
  const hasShare = errors.limitedShare.some((value) => value !== null && value > 0);
  if (keys.length === 0)
    return (
      <figure className={styles.chart}>
        <h3>{labels.errors}</h3>
        <p className={styles.empty}>{labels.noData}</p>
      </figure>
    );
  const all = hasShare ? [...keys, { key: share, name: labels.limitedShare, colour: 'var(--ink)' }] : keys;
  return (
    <figure className={styles.chart}>
      <h3>{labels.errors}</h3>
      <section className={styles.plot} aria-label={`${labels.errors}, ${labels.of}. ${labels.hint}`}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={points} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="atMs"
              stroke="var(--soft)"
              tickFormatter={(at: number) => axisTime(at, spanMs, lang)}
              minTickGap={40}
            />
            <YAxis stroke="var(--soft)" width={40} allowDecimals={false} />
            {hasShare && (
              <YAxis yAxisId="share" orientation="right" stroke="var(--soft)" width={44} unit=" %" />
            )}
            <Tooltip content={<ChartTip unit="" labels={labels} lang={lang} />} />
            {keys.map(({ key, name, colour }) => (
              <Bar
                key={key}
                dataKey={key}
                name={name}
                stackId="e"
                fill={colour}
                isAnimationActive={false}
                hide={hidden.includes(key)}
              />
            ))}
            {hasShare && (
              <Line
                yAxisId="share"
                dataKey={share}
                name={labels.limitedShare}
                stroke="var(--ink)"
                strokeDasharray="2 3"
                dot={false}
                isAnimationActive={false}
                hide={hidden.includes(share)}
              />
            )}
            <Brush
              dataKey="atMs"
              height={18}
              stroke="var(--soft)"
              fill="var(--ground)"
              tickFormatter={() => ''}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </section>
      <Keys
        keys={all}
        hidden={hidden}
        onToggle={(key) =>
          setHidden(hidden.includes(key) ? hidden.filter((k) => k !== key) : [...hidden, key])
        }
      />
      <ChartTable
        labels={labels}
        lang={lang}
        atMs={errors.atMs}
        columns={[
          ...errors.classes.map((c, i) => ({ name: names[i] ?? c.name, values: c.counts })),
          ...(hasShare ? [{ name: `${labels.limited}, %`, values: errors.limitedShare }] : []),
        ]}
      />
    </figure>
  );
}
