'use client';

import { lazy, useState } from 'react';
import type { StackData } from '../_data/chart-data.ts';
import { type ChartLabels, ChartTable, Keys } from './chart-parts.tsx';
import styles from './charts.module.css';
import { WhenSeen } from './when-seen.tsx';

const ErrorPlot = lazy(() => import('./error-plot.tsx'));

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
      <WhenSeen className={styles.plot} label={`${labels.errors}, ${labels.of}. ${labels.hint}`}>
        <ErrorPlot
          points={points}
          keys={keys}
          hidden={hidden}
          share={hasShare ? share : null}
          labels={labels}
          lang={lang}
        />
      </WhenSeen>
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
