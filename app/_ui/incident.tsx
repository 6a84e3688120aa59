import type { ReactNode } from 'react';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { IncidentPage, NamedLink } from '../_data/incident-page.ts';
import { Card } from './card.tsx';
import { writeSpan } from './format.ts';
import styles from './incident.module.css';
import { TellButton } from './incident-cards.tsx';
import { Instant, Since } from './instant.tsx';
import { Main } from './main.tsx';
import { State } from './state.tsx';

interface Props {
  page: IncidentPage;
  words: Words;
  nowMs: number;
}

export function IncidentView({ page, words, nowMs }: Props) {
  const w = words.incident;
  const { incident } = page;
  return (
    <Main
      untilMs={page.untilMs}
      verdict={page.isOpen ? page.impact : 'operational'}
      tells={w.isOver}
      position={page.position}
    >
      <header className={styles.head} data-incident={incident.title}>
        <p className={styles.soft}>
          <a href={localPath(words.lang, '/incidents')}>{w.title}</a>
        </p>
        <h1>{w.name({ ...incident, isTitled: incident.pinned.includes('title') })}</h1>
        <p>{w.sentence(incident, nowMs)}</p>
        {page.isOpen && <TellButton id={incident.id} words={words} />}
      </header>
      <Facts page={page} words={words} nowMs={nowMs} />
      <Seen page={page} words={words} />
      <Card title={w.says}>
        {page.witnesses.length === 0 && <p className={styles.soft}>{w.saysNothing}</p>}
        <ul>
          {page.witnesses.map((witness) => (
            <li key={witness.name}>
              {witness.name}: {witness.status}
              <span className={styles.soft}>
                {' '}
                {witness.leadMinutes === null ? w.notSaid : w.ahead(witness.leadMinutes)}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      {page.catalog.length > 0 && (
        <Card title={w.catalogBefore}>
          <ul>
            {page.catalog.map((one) => (
              <li key={`${one.atMs}${one.sentence}`}>
                <Instant atMs={one.atMs} form="full" lang={words.lang} /> {one.sentence}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title={w.affected}>
        <Links links={page.affected} empty={w.noAffected} words={words} />
      </Card>
      {page.notes.length > 0 && (
        <Card title={w.report}>
          {page.notes.map((note) => (
            <p key={note.atMs} className={styles.note}>
              {note.text} <span className={styles.soft}>{w.by(note.by)}</span>
            </p>
          ))}
        </Card>
      )}
      <Timeline page={page} words={words} />
    </Main>
  );
}

function Facts({ page, words, nowMs }: Props) {
  const w = words.incident;
  const { incident } = page;
  const rows: [string, ReactNode][] = [
    [
      w.impactWord,
      <State
        key="s"
        verdict={page.isOpen ? page.impact : 'operational'}
        words={words}
        {...(page.isOpen ? {} : { word: `${w.over} (${words.state[page.impact]})` })}
      />,
    ],
    [w.cause, <LinkTo key="c" link={page.cause} words={words} />],
    [w.began, <Since key="t" atMs={incident.startedAtMs} nowMs={nowMs} lang={words.lang} />],
    [page.isOpen ? w.duration : w.lastedFor, words.span(writeSpan(page.durationMs))],
    [w.noticed, words.span(writeSpan(page.noticedAfterMs))],
    [w.sureWord, words.sure[page.sure]],
  ];
  return (
    <Card>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Seen({ page, words }: Omit<Props, 'nowMs'>) {
  const w = words.incident;
  return (
    <Card title={w.evidence}>
      <p>
        {w.failedOf(page.failed, page.total, words.span(writeSpan(page.windowMs)))}
        {page.providers > 1 && ` ${w.overProviders(page.providers)}`}
      </p>
      {page.classes.length > 0 && (
        <ul className={styles.classes}>
          {page.classes.map((c) => (
            <li key={c.name}>
              {words.checkRow.class(c.name)}: {c.count}
            </li>
          ))}
        </ul>
      )}
      <Quote sample={page.sample} words={words} />
      <h3>{w.working}</h3>
      <Links links={page.working} empty={w.noWorking} words={words} />
      {page.others.length > 0 && (
        <>
          <h3>{w.others}</h3>
          <Links links={page.others} empty="" words={words} />
        </>
      )}
    </Card>
  );
}

/** One error as it came, with the numbers its sender's support can find it by. */
function Quote({ sample, words }: { sample: IncidentPage['sample']; words: Words }) {
  const w = words.incident;
  if (!sample || (!sample.message && !sample.generationId && !sample.edgeId)) return null;
  return (
    <figure className={styles.quote}>
      <figcaption>{w.quote}</figcaption>
      <blockquote>
        {sample.status !== null && `${sample.status} `}
        {sample.message}
      </blockquote>
      {sample.generationId && (
        <p className={styles.soft}>
          {w.generation}: <code>{sample.generationId}</code>
        </p>
      )}
      {sample.edgeId && (
        <p className={styles.soft}>
          {w.edge}: <code>{sample.edgeId}</code>
        </p>
      )}
    </figure>
  );
}

export function Links({ links, empty, words }: { links: NamedLink[]; empty: string; words: Words }) {
  if (links.length === 0) return <p className={styles.soft}>{empty}</p>;
  return (
    <ul className={styles.links}>
      {links.map((link) => (
        <li key={link.name}>
          <LinkTo link={link} words={words} />
        </li>
      ))}
    </ul>
  );
}

function LinkTo({ link, words }: { link: NamedLink; words: Words }) {
  return link.path ? <a href={localPath(words.lang, link.path)}>{link.name}</a> : <span>{link.name}</span>;
}

function Timeline({ page, words }: Omit<Props, 'nowMs'>) {
  return (
    <Card title={words.incident.timeline}>
      <ol className={styles.timeline}>
        {page.timeline.map((entry) => (
          <li key={`${entry.atMs}${entry.kind}${entry.text}`}>
            <Instant atMs={entry.atMs} form="full" lang={words.lang} />
            <strong>{words.incident.entry[entry.kind]}</strong>
            <span>
              {words.said(entry.text)} <span className={styles.soft}>{words.incident.by(entry.by)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
