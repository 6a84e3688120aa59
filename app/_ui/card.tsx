import type { ReactNode } from 'react';
import styles from './card.module.css';

/** A titled part of a page. */
export function Card({
  title,
  id,
  note,
  children,
}: {
  title?: ReactNode;
  id?: string;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.card} {...(id ? { id } : {})}>
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
