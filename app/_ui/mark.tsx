import type { Verdict } from '#lib/core/words.ts';
import { Drawing } from './drawing.tsx';
import styles from './mark.module.css';

/** The shape of a state: told apart without colour. The word stands beside it, or in `label` where there is no room. */
export function Mark({ verdict, label }: { verdict: Verdict; label?: string }) {
  const name = `${styles.mark} ${styles[verdict]}`;
  const inside = `<use href="#m-${verdict}"/>`;
  if (!label) return <Drawing className={name} viewBox="0 0 16 16" aria-hidden="true" inside={inside} />;
  return <Drawing className={name} viewBox="0 0 16 16" role="img" aria-label={label} inside={inside} />;
}

/** The six shapes, once per page. */
export function MarkShapes() {
  return (
    <svg width="0" height="0" className={styles.shapes} aria-hidden="true">
      <symbol id="m-operational" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="7" />
        <path className={styles.cut} d="M4.8 8.2l2.2 2.2 4.2-4.6" />
      </symbol>
      <symbol id="m-degraded" viewBox="0 0 16 16">
        <path d="M8 1.2 15.4 14.4H.6z" />
        <path className={styles.cut} d="M8 6v3.6M8 11.6v.9" />
      </symbol>
      <symbol id="m-partial_outage" viewBox="0 0 16 16">
        <path d="M8 .6 15.4 8 8 15.4.6 8z" />
        <path className={styles.cut} d="M8 4.6v4.2M8 10.8v.9" />
      </symbol>
      <symbol id="m-major_outage" viewBox="0 0 16 16">
        <path d="M2 1h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1z" />
        <path className={styles.cut} d="M5 5l6 6M11 5l-6 6" />
      </symbol>
      <symbol id="m-maintenance" viewBox="0 0 16 16">
        <path d="M4.6 1h6.8L15 8l-3.6 7H4.6L1 8z" />
        <path className={styles.cut} d="M6.2 5v6M9.8 5v6" />
      </symbol>
      <symbol id="m-unknown" viewBox="0 0 16 16">
        <circle className={styles.ring} cx="8" cy="8" r="6.2" />
        <path className={styles.query} d="M6.2 6.3a1.9 1.9 0 1 1 2.7 1.8c-.6.3-.9.6-.9 1.3M8 11.3v.8" />
      </symbol>
    </svg>
  );
}
