'use client';

import { Bar, Line, YAxis } from 'recharts';
import type { ChartLabels } from './chart-parts.tsx';
import { PlotFrame } from './plot-frame.tsx';

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
  return (
    <PlotFrame points={points} unit="" labels={labels} lang={lang}>
      <YAxis stroke="var(--soft)" width={40} allowDecimals={false} />
      {share !== null && (
        <YAxis yAxisId="share" orientation="right" stroke="var(--soft)" width={44} unit=" %" />
      )}
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
    </PlotFrame>
  );
}
