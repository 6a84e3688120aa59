import type { ReactNode } from 'react';
import type { Verdict } from '#lib/core/words.ts';
import styles from './main.module.css';

interface MainProps {
  children: ReactNode;
  /** When what is shown expires; the page's script turns it grey then, without help from anybody. */
  untilMs?: number | null;
  verdict?: Verdict;
  /** Where the event stream goes on from, so that nothing between rendering and listening is missed. */
  position?: string;
  isNarrow?: boolean;
  /** What a notification says when an incident on this page is over. */
  tells?: string;
  /** Tells the edge which status the answer has. */
  status?: 404;
}

export function Main({ children, untilMs, verdict, isNarrow, status, tells, position }: MainProps) {
  return (
    <main
      id="main"
      className={isNarrow ? `${styles.main} ${styles.narrow}` : styles.main}
      data-until={untilMs ?? undefined}
      data-verdict={verdict}
      data-position={position}
      data-status={status}
      data-tells={tells}
    >
      {/* Pages with forms have no expiry and are left alone while somebody types. */}
      {untilMs != null && (
        <noscript>
          <meta httpEquiv="refresh" content="60" />
        </noscript>
      )}
      {children}
    </main>
  );
}
