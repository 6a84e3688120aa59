import type { ReactNode } from 'react';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { GatewayLine, OfficialLine, ReportedLine, StateLine } from '../_data/gateway-line.ts';
import { percentText } from '../_data/share.ts';
import { Card } from './card.tsx';
import styles from './gateway-card.module.css';
import { Since } from './instant.tsx';
import { State } from './state.tsx';

interface Props {
  words: Words;
  nowMs: number;
}

interface CardProps extends Props {
  gateway: GatewayLine;
  hasRoutes: boolean;
  /** On the gateway's own page, which bears its name already. */
  isAlone?: boolean;
}

export function GatewayCard({ gateway, hasRoutes, isAlone, words, nowMs }: CardProps) {
  const title = <a href={localPath(words.lang, gateway.path)}>{gateway.name}</a>;
  return (
    <Card title={isAlone ? undefined : title}>
      <dl className={styles.facts}>
        <Fact name={words.gateway.chat}>
          <Line line={gateway.chat} words={words} nowMs={nowMs} />
          {!hasRoutes && gateway.chat.reason === '' && <p className={styles.soft}>{words.gateway.noKey}</p>}
          <OwnDay own={gateway.ownDay} words={words} />
        </Fact>
        <Fact name={words.gateway.catalog}>
          <Line line={gateway.catalog} words={words} nowMs={nowMs} />
        </Fact>
        <Fact name={words.gateway.official(gateway.name)}>
          <Official official={gateway.official} words={words} nowMs={nowMs} />
        </Fact>
        {gateway.id === 'openrouter' && (
          <Fact name={words.gateway.reported(gateway.name)}>
            <Reported reported={gateway.reported} words={words} />
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Line({ line, words, nowMs }: Props & { line: StateLine | null }) {
  return (
    <>
      <p className={styles.state}>
        <State verdict={line?.verdict ?? 'unknown'} words={words} />
        {line?.sinceMs != null && (
          <span className={styles.soft}>
            {words.answer.since} <Since atMs={line.sinceMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
      </p>
      {line?.reason && <p className={styles.soft}>{words.said(line.reason)}</p>}
    </>
  );
}

function OwnDay({ own, words }: { own: GatewayLine['ownDay']; words: Words }) {
  if (!own) return null;
  return (
    <p className={styles.soft}>
      {own.share === null ? words.gateway.ownTooLittle : words.gateway.ownDay(own.share)}
      {words.comma}
      {words.gateway.measured(percentText(own.coverage))}
    </p>
  );
}

function Official({ official, words, nowMs }: Props & { official: OfficialLine | null }) {
  if (!official) return <Nothing text={words.gateway.noClaim} words={words} />;
  return (
    <>
      <p className={styles.state}>
        <State verdict={official.verdict} words={words} />
        {official.atMs !== null && (
          <span className={styles.soft}>
            {words.gateway.readAt} <Since atMs={official.atMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
      </p>
      {official.isDisputed && <p>{words.gateway.disputed}</p>}
      {!official.isDisputed && official.leadMinutes !== null && (
        <p>{words.gateway.lead(official.leadMinutes)}</p>
      )}
      {official.components
        .filter((c) => c.verdict !== 'operational' && c.verdict !== 'unknown')
        .slice(0, 4)
        .map((c) => (
          <p key={c.name} className={styles.soft}>
            {c.name}: {words.state[c.verdict]}
          </p>
        ))}
    </>
  );
}

function Reported({ reported, words }: { reported: ReportedLine | null; words: Words }) {
  if (!reported) return <Nothing text={words.gateway.reportedNone} words={words} />;
  return (
    <>
      {reported.medianUptime !== null && (
        <p className={styles.figure}>{words.gateway.reportedMedian(reported.medianUptime)}</p>
      )}
      <p className={styles.soft}>{words.gateway.reportedBelow(reported.below, reported.endpoints)}</p>
    </>
  );
}

function Nothing({ text, words }: { text: string; words: Words }) {
  return (
    <>
      <p className={styles.state}>
        <State verdict="unknown" words={words} />
      </p>
      <p className={styles.soft}>{text}</p>
    </>
  );
}
