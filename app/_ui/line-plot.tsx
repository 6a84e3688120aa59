'use client';

import { Brush, CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { LineData } from '../_data/chart-data.ts';
import { axisTime, type ChartLabels, ChartTip } from './chart-parts.tsx';

interface Props {
  points: { atMs: number; p50: number | null; p95: number | null; p99: number | null; n: number }[];
  shown: readonly { key: 'p50' | 'p95' | 'p99'; colour: string; dash: string }[];
  hidden: string[];
  unit: LineData['unit'];
  labels: ChartLabels;
  lang: string;
}

export default function LinePlot({ points, shown, hidden, unit, labels, lang }: Props) {
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  return (
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
        <YAxis stroke="var(--soft)" width={56} tickFormatter={(value: number) => writeAxis(value, unit)} />
        <Tooltip content={<ChartTip unit={unit} labels={labels} lang={lang} />} />
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
  );
}

function writeAxis(value: number, unit: LineData['unit']): string {
  if (unit !== 'ms') return String(value);
  return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
}
