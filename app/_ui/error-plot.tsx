'use client';

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
import { axisTime, type ChartLabels, ChartTip } from './chart-parts.tsx';

interface Props {
  points: { atMs: number; [name: string]: number | null }[];
  keys: { key: string; name: string; colour: string }[];
  hidden: string[];
  /** The line of the share that was rate limited; null: there was none. */
  share: string | null;
  labels: ChartLabels;
  lang: string;
}

export default function ErrorPlot({ points, keys, hidden, share, labels, lang }: Props) {
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  return (
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
        {share !== null && (
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
        {share !== null && (
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
  );
}
