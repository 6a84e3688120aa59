import type { DocumentedOutage } from '#lib/core/documented-outages.ts';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import { Card } from './card.tsx';
import styles from './incident.module.css';
import { Instant } from './instant.tsx';
import { Main } from './main.tsx';
import { State } from './state.tsx';

/** An outage others documented. What is not exact is shown as "about", and only the day is named. */
export function Documented({ outage, words }: { outage: DocumentedOutage; words: Words }) {
  const w = words.incident;
  return (
    <Main>
      <header className={styles.head}>
        <p className={styles.soft}>
          <a href={localPath(words.lang, '/incidents#documented')}>{w.documented}</a>
        </p>
        <h1>{words.documented(outage.title)}</h1>
        <p>
          <Instant atMs={outage.fromMs} form={outage.isExact ? 'dated' : 'day'} lang={words.lang} />
          {outage.isExact && (
            <>
              {' '}
              {w.to} <Instant atMs={outage.toMs} form="time" lang={words.lang} />
            </>
          )}
          {words.comma}
          {outage.isExact ? w.exactly(outage.minutes) : w.about(outage.minutes)}
        </p>
        <State verdict={outage.impact} words={words} />
        <p className={styles.soft}>{w.documentedNote}</p>
      </header>
      <Card title={w.cause} note={w[outage.causeMark]}>
        <p>{words.documented(outage.cause)}</p>
      </Card>
      <Phases outage={outage} words={words} />
      <List title={w.remedies} items={outage.remediation.map(words.documented)} />
      <List title={w.contradictions} items={outage.contradictions.map(words.documented)} />
      <Card title={w.sources} note={words.documented(outage.confidence)}>
        <ul>
          {outage.sources.map((source) => (
            <li key={source.name}>
              {source.url ? (
                <a href={source.url} rel="nofollow noopener">
                  {source.name}
                </a>
              ) : (
                source.name
              )}{' '}
              <span className={styles.soft}>{w[source.kind]}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Main>
  );
}

function Phases({ outage, words }: { outage: DocumentedOutage; words: Words }) {
  const w = words.incident;
  return (
    <Card title={w.phases}>
      <ol className={styles.timeline}>
        {outage.phases.map((phase) => (
          <li key={phase.name}>
            {outage.isExact ? (
              <span>
                <Instant atMs={phase.fromMs} form="time" lang={words.lang} /> {w.to}{' '}
                <Instant atMs={phase.toMs} form="time" lang={words.lang} />
              </span>
            ) : (
              <span />
            )}
            <strong>{words.documented(phase.name)}</strong>
            <span>
              {words.documented(phase.reported)}
              {phase.error && ` (${phase.error.status} ${phase.error.message})`}{' '}
              <span className={styles.soft}>{w[phase.mark]}</span>
            </span>
          </li>
        ))}
        {outage.isExact &&
          outage.events.map((event) => (
            <li key={event.what}>
              <Instant atMs={event.atMs} form="time" lang={words.lang} />
              <strong />
              <span>
                {words.documented(event.what)} <span className={styles.soft}>{w[event.mark]}</span>
              </span>
            </li>
          ))}
      </ol>
    </Card>
  );
}

function List({ title, items }: { title: string; items: string[] }) {
  if (items.length === 0) return null;
  return (
    <Card title={title}>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </Card>
  );
}
