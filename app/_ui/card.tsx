import type { ReactNode } from 'react';
import styles from './card.module.css';

interface CardProps {
  title?: ReactNode;
  id?: string;
  note?: ReactNode;
  /** Names a part that the page's script may exchange where the rest belongs to charts. */
  live?: string;
  children: ReactNode;
}

/** A titled part of a page. */
export function Card({ title, id, note, live, children }: CardProps) {
  return (
    <section className={styles.card} id={id} data-live={live}>
      {title && (
        <div className={styles.head}>
          <h2>{title}</h2>
          {note && <p className={styles.note}>{note}</p>}
        </div>
      )}
      {children}
    </section>
  );
}
