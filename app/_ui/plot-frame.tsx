'use client';

import type { ReactNode } from 'react';
import {
  Brush,
  CartesianGrid,
  ComposedChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  type XAxisProps,
} from 'recharts';
import { axisTime, type ChartLabels, ChartTip } from './chart-parts.tsx';

interface Props {
  points: { atMs: number }[];
  unit: string;
  labels: ChartLabels;
  lang: string;
  /** How instants are laid out; side by side, each as wide as the next, when absent. */
  axis?: XAxisProps;
  /** The upright axes and what is drawn. */
  children: ReactNode;
}

/** What every plot over time has: grid, times below, a tip under the pointer, and the handles that choose a part. */
export function PlotFrame({ points, unit, labels, lang, axis, children }: Props) {
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={points} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="atMs"
          stroke="var(--soft)"
          tickFormatter={(at: number) => axisTime(at, spanMs, lang)}
          minTickGap={40}
        />
        <Tooltip content={<ChartTip unit={unit} labels={labels} lang={lang} />} />
        {children}
        <Brush
          dataKey="atMs"
          ariaLabel={labels.part}
          height={18}
          stroke="var(--soft)"
          fill="var(--ground)"
          tickFormatter={() => ''}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
