import type { Words } from '#lib/words/words.ts';
import { conventions } from '../_data/convention.ts';
import type { MethodView } from '../_data/methodology.ts';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import { writeSpan } from './format.ts';
import { Main } from './main.tsx';
import { ScrollTable } from './scroll-table.tsx';

/** Generated from the tables the code itself uses. */
export function Methodology({ view, words }: { view: MethodView; words: Words }) {
  const w = words.method;
  return (
    <Main isNarrow>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
      </header>
      <Card title={w.checks}>
        <Text paragraphs={w.checksText} />
        <p>
          {view.everyMs === null ? w.noRoutes : w.everyText(view.routes, words.span(writeSpan(view.everyMs)))}
        </p>
      </Card>
      <Card title={w.usual}>
        <Text paragraphs={w.usualText} />
      </Card>
      <Card title={w.cause}>
        <Text paragraphs={w.causeText} />
      </Card>
      <Card title={w.counting} id="counting">
        <Text paragraphs={[w.countingText]} />
        <Counting view={view} words={words} />
      </Card>
      <Card title={w.numbers}>
        <ul>
          {view.numbers.map(({ name, value }) => (
            <li key={name}>
              {w.numberNames[name]}: <strong>{writeNumber(name, value)}</strong>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={w.limits}>
        <Text paragraphs={[...w.limitsText, w.unknown, words.independent(view.places)]} />
      </Card>
    </Main>
  );
}

function Text({ paragraphs }: { paragraphs: string[] }) {
  return (
    <div className={styles.text}>
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </div>
  );
}

function Counting({ view, words }: { view: MethodView; words: Words }) {
  return (
    <ScrollTable label={words.method.counting}>
      <thead>
        <tr>
          <th scope="col">{words.method.ended}</th>
          {conventions.map((name) => (
            <th key={name} scope="col">
              {words.detail.countingNames[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.counting.map((row) => (
          <tr key={row.class}>
            <td>{words.checkRow.class(row.class)}</td>
            {conventions.map((name) => (
              <td key={name}>{words.method.counted[row.counts[name]]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function writeNumber(name: string, value: number): string {
  if (name.endsWith('_ms')) return value < 10_000 ? `${value / 1_000} s` : writeSpan(value);
  return name.endsWith('_share') ? `${Math.round(value * 100)} %` : String(value);
}
