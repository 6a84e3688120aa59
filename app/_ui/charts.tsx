import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { DetailView } from '../_data/detail.ts';
import { rangeNames } from '../_data/ranges.ts';
import { classOf } from '../_data/ticks.ts';
import { Card } from './card.tsx';
import styles from './charts.module.css';
import { ErrorChart } from './error-chart.tsx';
import { LineChartCard } from './line-chart.tsx';

/** Charts of the chosen route over the chosen span; the address keeps both. */
export function Charts({ view, words }: { view: DetailView; words: Words }) {
  const { charts, selected } = view;
  if (!charts || !selected)
    return (
      <Card title={words.detail.speed} id="charts">
        <p>{words.detail.noCharts}</p>
      </Card>
    );
  const name = `${selected.model} · ${selected.provider || words.matrix.any}`;
  const labels = { ...words.chart, of: name, lang: words.lang };
  const errorNames = charts.errors.classes.map((c) => words.checkRow.class(classOf(c.name)));
  const { lang, ...chartLabels } = labels;
  return (
    <Card title={words.detail.speed} note={words.detail.of(name)} id="charts">
      <nav className={styles.ranges} aria-label={words.detail.range}>
        {rangeNames.map((range) => (
          <a
            key={range}
            href={`${localPath(words.lang, view.path)}?${query(view, range)}#charts`}
            aria-current={range === view.range ? 'true' : undefined}
          >
            {words.detail.ranges[range]}
          </a>
        ))}
      </nav>
      <div className={styles.grid}>
        {charts.lines.map((line) => (
          <LineChartCard
            key={line.metric}
            line={line}
            title={words.chart[line.metric]}
            labels={chartLabels}
            lang={lang}
          />
        ))}
        <ErrorChart errors={charts.errors} names={errorNames} labels={chartLabels} lang={lang} />
      </div>
    </Card>
  );
}

function query(view: DetailView, range: string): string {
  const search = new URLSearchParams({ convention: view.convention, range });
  if (view.kind !== 'route' && view.selected) search.set('route', view.selected.id);
  return search.toString();
}
