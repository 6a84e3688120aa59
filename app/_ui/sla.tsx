import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import { conventions } from '../_data/convention.ts';
import type { ReportView, SlaMonth, SlaView } from '../_data/sla.ts';
import nav from './availability.module.css';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import { writeCount, writeSpan, writeUsd } from './format.ts';
import { PastIncident } from './incident-cards.tsx';
import { writeMonth } from './instant-text.ts';
import { Main } from './main.tsx';
import { CreditFee, ReportNumbers } from './report-numbers.tsx';
import { ObjectiveTable } from './report-table.tsx';
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
      <Card title={w.period(dayText(view.table.fromMs), dayText(view.table.toMs - 1))}>
        <ObjectiveTable table={view.table} words={words} />
      </Card>
      {view.history.length > 0 && (
        <Card title={w.byMonth}>
          <Months view={view} words={words} />
        </Card>
      )}
    </Main>
  );
}

const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);

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

function Months({ view, words }: { view: SlaView; words: Words }) {
  const names = new Map(view.table.rows.map((row) => [row.key, row]));
  return (
    <ScrollTable label={words.sla.byMonth}>
      <thead>
        <tr>
          <th scope="col">{words.sla.what}</th>
          {view.months.map((month) => (
            <th key={month} scope="col">
              <a href={localPath(words.lang, `/reports/${month}`)}>{writeMonth(month, words.lang)}</a>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.history.map(({ key, months }) => (
          <tr key={key}>
            <td>{names.get(key)?.name ?? key}</td>
            {months.map((month) => (
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
      <span className={styles.soft}>{words.sla.measured(month.measured)}</span>
    </>
  );
}

export function Report({ view, nowMs, words }: { view: ReportView; nowMs: number; words: Words }) {
  const w = words.report;
  return (
    <Main>
      <header className={styles.head}>
        <h1>{w.title(writeMonth(view.month, words.lang))}</h1>
        <p>{w.incidents(view.incidents.length)}</p>
        {view.writtenAtMs !== null && (
          <p>
            {w.written(
              `${new Date(view.writtenAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
              view.isFinal,
            )}
          </p>
        )}
        {view.longest && (
          <p>
            {w.longest}:{' '}
            <a href={localPath(words.lang, view.longest.path)}>{words.incident.name(view.longest)}</a>,{' '}
            {words.span(writeSpan((view.longest.resolvedAtMs ?? nowMs) - view.longest.startedAtMs))}
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
        <Counting current={view.convention} path={`/reports/${view.month}`} words={words} />
        <ObjectiveTable table={view.table} words={words} />
      </Card>
      <Card title={w.numbers.title}>
        <ReportNumbers numbers={view.numbers} words={words} />
        <CreditFee fees={view.creditFees} words={words} />
      </Card>
      <Card title={w.list}>
        <p className={nav.counting}>
          {view.months.map((month) => (
            <a
              key={month}
              href={localPath(words.lang, `/reports/${month}`)}
              aria-current={month === view.month ? 'page' : undefined}
            >
              {writeMonth(month, words.lang)}
            </a>
          ))}
        </p>
      </Card>
    </Main>
  );
}
