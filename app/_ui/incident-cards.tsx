import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { IncidentCard } from '../_data/incident-card.ts';
import { Card } from './card.tsx';
import { writeSpan } from './format.ts';
import styles from './incident-cards.module.css';
import { Instant, Since } from './instant.tsx';
import { State } from './state.tsx';

interface Props {
  words: Words;
  nowMs: number;
}

/** Open incidents, each with the one button. Without scripts the button is a link to the form for one email. */
interface OpenProps extends Props {
  incidents: IncidentCard[];
  /** The sentence above has said what happened: the card need not repeat it. */
  isSaid?: boolean;
}

export function OpenIncidents({ incidents, words, nowMs, isSaid }: OpenProps) {
  if (incidents.length === 0) return null;
  return (
    <Card title={words.incident.openHeading(incidents.length)}>
      <ul className={styles.list}>
        {incidents.map((incident) => (
          <li key={incident.id} className={styles.open} data-incident={incident.title}>
            <div>
              <h3>
                <a href={localPath(words.lang, incident.path)}>{words.incident.name(incident)}</a>
              </h3>
              {!isSaid && <p>{words.said(incident.reason)}</p>}
              <p className={styles.facts}>
                <State verdict={incident.impact} words={words} />
                <span>
                  {words.incident.since} <Since atMs={incident.startedAtMs} nowMs={nowMs} lang={words.lang} />
                </span>
                <span>{words.sure[incident.sure]}</span>
                {incident.affected > 0 && <span>{words.incident.affects(incident.affected)}</span>}
                {incident.isUnstable && <span>{words.incident.unstable}</span>}
              </p>
            </div>
            <TellButton id={incident.id} words={words} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function RecentIncidents({
  incidents,
  words,
  title,
}: {
  incidents: IncidentCard[];
  words: Words;
  title?: string;
}) {
  if (incidents.length === 0) return null;
  return (
    <Card title={title ?? words.incident.recentHeading}>
      <ul className={styles.list}>
        {incidents.map((incident) => (
          <PastIncident key={incident.id} incident={incident} words={words} />
        ))}
      </ul>
    </Card>
  );
}

export function PastIncident({ incident, words }: { incident: IncidentCard; words: Words }) {
  return (
    <li className={styles.past}>
      <a href={localPath(words.lang, incident.path)}>{words.incident.name(incident)}</a>
      <span className={styles.facts}>
        <Instant atMs={incident.startedAtMs} lang={words.lang} />
        {incident.resolvedAtMs !== null && (
          <span>
            {words.incident.lasted(words.span(writeSpan(incident.resolvedAtMs - incident.startedAtMs)))}
          </span>
        )}
      </span>
    </li>
  );
}

/** Without scripts a link to the form for one email; with them a notification from this tab. */
export function TellButton({ id, words }: { id: string; words: Words }) {
  return (
    <a
      className={styles.button}
      href={localPath(words.lang, `/subscribe?incident=${encodeURIComponent(id)}`)}
      data-tell={id}
      data-tell-done={words.incident.tellMeHere}
    >
      {words.incident.tellMe}
    </a>
  );
}
