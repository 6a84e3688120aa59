'use client';

import { Line, YAxis } from 'recharts';
import type { LineData } from '../_data/chart-data.ts';
import type { ChartLabels } from './chart-parts.tsx';
import { PlotFrame } from './plot-frame.tsx';

interface Props {
  points: { atMs: number; p50: number | null; p95: number | null; p99: number | null; n: number }[];
  shown: readonly { key: 'p50' | 'p95' | 'p99'; colour: string; dash: string }[];
  hidden: string[];
  unit: LineData['unit'];
  labels: ChartLabels;
  lang: string;
}

export default function LinePlot({ points, shown, hidden, unit, labels, lang }: Props) {
  return (
    <PlotFrame
      points={points}
      unit={unit}
      labels={labels}
      lang={lang}
      axis={{ type: 'number', domain: ['dataMin', 'dataMax'], scale: 'time' }}
    >
      <YAxis stroke="var(--soft)" width={56} tickFormatter={(value: number) => writeAxis(value, unit)} />
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
    </PlotFrame>
  );
}

function writeAxis(value: number, unit: LineData['unit']): string {
  if (unit !== 'ms') return String(value);
  return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
}
