import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import { conventions } from '../_data/convention.ts';
import type { ReportView, SlaMonth, SlaRow, SlaView } from '../_data/sla.ts';
import nav from './availability.module.css';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import { writeCount, writeSpan, writeUsd } from './format.ts';
import { PastIncident } from './incident-cards.tsx';
import { Main } from './main.tsx';
import { ScrollTable } from './scroll-table.tsx';

export function Sla({ view, words }: { view: SlaView; words: Words }) {
  const w = words.sla;
  return (
    <Main untilMs={view.untilMs}>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
        <Counting current={view.convention} path="/sla" words={words} />
      </header>
      <Card>
        <Months rows={view.rows} months={view.months} words={words} />
      </Card>
    </Main>
  );
}

export function Counting({ current, path, words }: { current: string; path: string; words: Words }) {
  return (
    <nav className={nav.counting} aria-label={words.detail.counting}>
      <a href={localPath(words.lang, '/methodology#counting')}>{words.detail.counting}</a>
      {conventions.map((name) => (
        <a
          key={name}
          href={`${localPath(words.lang, path)}?convention=${name}`}
          aria-current={name === current ? 'true' : undefined}
        >
          {words.detail.countingNames[name]}
        </a>
      ))}
    </nav>
  );
}

function Months({ rows, months, words }: { rows: SlaRow[]; months: string[]; words: Words }) {
  if (rows.length === 0) return <p>{words.sla.none}</p>;
  return (
    <ScrollTable label={words.sla.title}>
      <thead>
        <tr>
          <th scope="col">{words.sla.what}</th>
          {months.map((month) => (
            <th key={month} scope="col">
              <a href={localPath(words.lang, `/reports/${month}`)}>{month}</a>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td>{row.path ? <a href={localPath(words.lang, row.path)}>{row.name}</a> : row.name}</td>
            {row.months.map((month) => (
              <td key={month.id}>
                <Figure month={month} words={words} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Figure({ month, words }: { month: SlaMonth; words: Words }) {
  return (
    <>
      {month.share === null ? '–' : `${month.share} %`}
      <br />
      <span className={styles.soft}>
        {month.share === null ? words.sla.measured(month.measured) : words.sla.badMinutes(month.badMinutes)}
      </span>
    </>
  );
}

export function Report({ view, nowMs, words }: { view: ReportView; nowMs: number; words: Words }) {
  const w = words.report;
  return (
    <Main>
      <header className={styles.head}>
        <h1>{w.title(view.month)}</h1>
        <p>{w.incidents(view.incidents.length)}</p>
        {view.longest && (
          <p>
            {w.longest}:{' '}
            <a href={localPath(words.lang, view.longest.path)}>{words.incident.name(view.longest)}</a>,{' '}
            {writeSpan((view.longest.resolvedAtMs ?? nowMs) - view.longest.startedAtMs)}
          </p>
        )}
        <p>{w.cost(writeUsd(view.spent.usd), writeCount(view.spent.requests))}</p>
      </header>
      {view.incidents.length > 0 && (
        <Card title={words.incident.title}>
          <ul>
            {view.incidents.map((incident) => (
              <PastIncident key={incident.id} incident={incident} words={words} />
            ))}
          </ul>
        </Card>
      )}
      <Card title={w.availability}>
        <Months rows={view.rows} months={[view.month]} words={words} />
      </Card>
      <Card title={w.list}>
        <p className={nav.counting}>
          {view.months.map((month) => (
            <a
              key={month}
              href={localPath(words.lang, `/reports/${month}`)}
              aria-current={month === view.month ? 'page' : undefined}
            >
              {month}
            </a>
          ))}
        </p>
      </Card>
    </Main>
  );
}
