import type { Words } from '#lib/words/words.ts';
import type { CheckRow } from '../_data/check-row.ts';
import { Card } from './card.tsx';
import styles from './checks.module.css';
import { writeMs } from './format.ts';
import { Instant } from './instant.tsx';

interface Props {
  checks: CheckRow[];
  name: string;
  words: Words;
  nowMs: number;
  /** Whoever answered is told where it could have been anybody. */
  isUnpinned: boolean;
}

const halfDayMs = 43_200_000;

/** The last checks one by one, each with its phases drawn to the same scale. */
export function Checks({ checks, name, words, nowMs, isUnpinned }: Props) {
  const longestMs = Math.max(1, ...checks.map((c) => c.totalMs ?? 0));
  return (
    <Card title={words.detail.lastChecks} note={words.detail.of(name)} live="checks">
      {checks.length === 0 && <p className={styles.soft}>{words.detail.noChecks}</p>}
      <ol>
        {checks.map((check) => (
          <li key={check.atMs} className={styles.row}>
            <Instant
              atMs={check.atMs}
              form={nowMs - check.atMs < halfDayMs ? 'second' : 'full'}
              lang={words.lang}
            />
            <span className={styles[check.result]}>
              {words.checkRow.class(check.class)}
              {check.status !== null && check.result !== 'good' && ` (${check.status})`}
              {isUnpinned && check.servedBy && (
                <span className={styles.by}>{words.checkRow.servedBy(check.servedBy)}</span>
              )}
            </span>
            <Waterfall check={check} longestMs={longestMs} words={words} />
            <span className={styles.soft}>{check.totalMs === null ? '–' : writeMs(check.totalMs)}</span>
            {check.error && <p className={styles.error}>{check.error}</p>}
          </li>
        ))}
      </ol>
      {checks.length > 0 && <Legend words={words} />}
    </Card>
  );
}

const widthPx = 240;

function Waterfall({ check, longestMs, words }: { check: CheckRow; longestMs: number; words: Words }) {
  const scale = widthPx / longestMs;
  const label = check.phases
    .map((p) => `${words.checkRow.phase[p.name]} ${writeMs(p.toMs - p.fromMs)}`)
    .join(', ');
  return (
    <svg
      className={styles.waterfall}
      viewBox={`0 0 ${widthPx} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {check.phases.map((p) => (
        <rect
          key={p.name}
          className={styles[p.name]}
          x={round(p.fromMs * scale)}
          width={Math.max(0.5, round((p.toMs - p.fromMs) * scale))}
          height="10"
        />
      ))}
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function Legend({ words }: { words: Words }) {
  return (
    <p className={styles.legend}>
      {(['dns', 'connect', 'tls', 'wait', 'first_word', 'rest'] as const).map((name) => (
        <span key={name}>
          <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
            <rect className={styles[name]} width="10" height="10" />
          </svg>
          {words.checkRow.phase[name]}
        </span>
      ))}
    </p>
  );
}
