import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { CalendarMonth, DocumentedCard, IncidentsView } from '../_data/incident-list.ts';
import { Card } from './card.tsx';
import { OpenIncidents, PastIncident } from './incident-cards.tsx';
import styles from './incidents.module.css';
import { Instant } from './instant.tsx';
import { writeMonth } from './instant-text.ts';
import { Main } from './main.tsx';
import { State } from './state.tsx';

interface Props {
  view: IncidentsView;
  words: Words;
  nowMs: number;
}

export function Incidents({ view, words, nowMs }: Props) {
  const w = words.incident;
  return (
    <Main untilMs={view.untilMs} tells={w.isOver} position={view.position}>
      <h1 className={styles.title}>{w.title}</h1>
      {view.open.length === 0 ? (
        <p>{w.none}</p>
      ) : (
        <OpenIncidents incidents={view.open} words={words} nowMs={nowMs} />
      )}
      <Card
        title={
          view.month ? (
            <>
              {w.past}: {writeMonth(view.month, words.lang)}
            </>
          ) : (
            w.past
          )
        }
        note={view.month && <a href={localPath(words.lang, '/incidents')}>{w.allMonths}</a>}
      >
        {view.past.length === 0 && <p className={styles.soft}>{view.month ? w.monthEmpty : w.pastEmpty}</p>}
        <ul>
          {view.past.map((incident) => (
            <PastIncident key={incident.id} incident={incident} words={words} />
          ))}
        </ul>
        {view.nextBefore && (
          <p className={styles.more}>
            <a href={`${localPath(words.lang, '/incidents')}?before=${view.nextBefore}`} rel="next">
              {w.earlier}
            </a>
          </p>
        )}
      </Card>
      <Card title={w.calendar}>
        <ul className={styles.months}>
          {view.months.map((month) => (
            <Month key={month.id} month={month} words={words} />
          ))}
        </ul>
      </Card>
      <Documented outages={view.documented} words={words} />
    </Main>
  );
}

function Month({ month, words }: { month: CalendarMonth; words: Words }) {
  const w = words.incident;
  return (
    <li>
      <h3>
        <a href={`${localPath(words.lang, '/incidents')}?month=${month.id}`}>
          {writeMonth(month.id, words.lang)}
        </a>{' '}
        <span className={styles.soft}>{w.inMonth(month.count)}</span>
      </h3>
      <div className={styles.month}>
        {w.weekdays.map((day, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two weekdays share a letter, and the week never changes
          <span key={i} className={styles.weekday} aria-hidden="true">
            {day}
          </span>
        ))}
        {month.days.map((day, i) => (
          <span
            key={day.day}
            className={`${styles.day} ${day.isFuture ? styles.future : ''} ${day.worst ? styles[day.worst] : ''}`}
            style={i === 0 && month.offset > 0 ? { gridColumnStart: month.offset + 1 } : undefined}
            {...(day.worst
              ? { role: 'img', 'aria-label': w.onDay(day.day, day.count, words.state[day.worst]) }
              : {})}
          >
            {day.day}
          </span>
        ))}
      </div>
    </li>
  );
}

function Documented({ outages, words }: { outages: DocumentedCard[]; words: Words }) {
  const w = words.incident;
  return (
    <Card title={w.documented} id="documented">
      <p className={styles.soft}>{w.documentedNote}</p>
      <ul className={styles.documented}>
        {outages.map((outage) => (
          <li key={outage.id}>
            <a href={localPath(words.lang, outage.path)}>{words.documented(outage.title)}</a>
            <State verdict={outage.impact} words={words} />
            <span>
              <Instant atMs={outage.atMs} form="day" lang={words.lang} />,{' '}
              {outage.isExact ? w.exactly(outage.minutes) : w.about(outage.minutes)}
            </span>
            <span className={styles.soft}>
              {w.sources}: {outage.sources.map((s) => s.name).join('; ')}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
