import type { OverviewView } from '../_data/overview.ts';
import type { Words } from '#lib/words/words.ts';
import { localPath } from '#lib/words/path.ts';
import { AnswerBand } from './answer.tsx';
import { Since } from './instant.tsx';
import styles from './overview.module.css';
import { State } from './state.tsx';
import { Ticks } from './ticks.tsx';

interface Props {
  view: OverviewView;
  words: Words;
  nowMs: number;
}

export function Overview({ view, words, nowMs }: Props) {
  return (
    <main id="main" className={styles.main} data-until={view.untilMs} data-verdict={view.answer.verdict}>
      <AnswerBand answer={view.answer} freshness={view.freshness} asOfMs={view.asOfMs} words={words} nowMs={nowMs} />
      {view.gateways.map((gateway) => (
        <GatewayCard key={gateway.id} gateway={gateway} words={words} nowMs={nowMs} />
      ))}
      <section className={styles.card}>
        <h2>{words.routes.heading}</h2>
        {view.routes.length === 0 ? (
          <p className={styles.empty}>{words.routes.none}</p>
        ) : (
          <ul className={styles.routes}>
            {view.routes.map((route) => (
              <li key={route.id}>
                <a href={localPath(words.lang, route.path)}>
                  {route.provider} <span className={styles.soft}>{route.model}</span>
                </a>
                <State verdict={route.verdict} words={words} />
                <span className={styles.soft}>
                  {route.sinceMs !== null && (
                    <>
                      {words.answer.since} <Since atMs={route.sinceMs} nowMs={nowMs} lang={words.lang} />
                    </>
                  )}
                </span>
                <Ticks ticks={route.ticks} words={words} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </main>
  );
}

function GatewayCard({ gateway, words, nowMs }: { gateway: OverviewView['gateways'][number] } & Omit<Props, 'view'>) {
  const rows = [
    { name: words.gateway.chat, line: gateway },
    { name: words.gateway.catalog, line: gateway.catalog },
    { name: words.gateway.official(gateway.name), line: gateway.official },
  ];
  return (
    <section className={styles.card}>
      <h2>
        <a href={localPath(words.lang, gateway.path)}>{gateway.name}</a>
      </h2>
      <dl className={styles.facts}>
        {rows.map(({ name, line }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <State verdict={line?.verdict ?? 'unknown'} words={words} />
              {line?.sinceMs != null && (
                <span className={styles.soft}>
                  {words.answer.since} <Since atMs={line.sinceMs} nowMs={nowMs} lang={words.lang} />
                </span>
              )}
              {line?.reason && <p className={styles.soft}>{line.reason}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
