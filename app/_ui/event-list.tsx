import type { Words } from '#lib/words/words.ts';
import type { EventRow } from '../_data/event-row.ts';
import styles from './event-list.module.css';
import { Instant } from './instant.tsx';

export function EventList({ events, empty, words }: { events: EventRow[]; empty: string; words: Words }) {
  if (events.length === 0) return <p className={styles.soft}>{empty}</p>;
  return (
    <ol className={styles.list}>
      {events.map((event) => (
        <li key={event.id}>
          <Instant atMs={event.atMs} lang={words.lang} />
          <span>{words.said(event.sentence)}</span>
        </li>
      ))}
    </ol>
  );
}
