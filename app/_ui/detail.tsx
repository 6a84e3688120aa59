import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { DetailView } from '../_data/detail.ts';
import { Abilities } from './abilities.tsx';
import { Availability } from './availability.tsx';
import { Card } from './card.tsx';
import { Steps } from './chains.tsx';
import { Charts } from './charts.tsx';
import { Checks } from './checks.tsx';
import styles from './detail.module.css';
import { EventList } from './event-list.tsx';
import { GatewayCard } from './gateway-card.tsx';
import { RecentIncidents } from './incident-cards.tsx';
import { Since } from './instant.tsx';
import { Main } from './main.tsx';
import { Prices } from './prices.tsx';
import { Ready } from './ready.tsx';
import { Routes } from './routes.tsx';
import { State } from './state.tsx';

interface Props {
  view: DetailView;
  words: Words;
  nowMs: number;
}

/** The page about one gateway, provider, model, route or chain. */
export function Detail({ view, words, nowMs }: Props) {
  const { kind, selected } = view;
  return (
    <Main
      untilMs={view.untilMs}
      verdict={view.verdict}
      position={view.position}
      tells={words.incident.isOver}
    >
      <Ready />
      <Head view={view} words={words} nowMs={nowMs} />
      {view.gateway && (
        <GatewayCard
          gateway={view.gateway}
          hasRoutes={view.routes.length > 0 || view.freshness === 'never'}
          isAlone
          words={words}
          nowMs={nowMs}
        />
      )}
      {view.chain && (
        <Card title={words.chains.usable(view.chain.usable, view.chain.steps.length)}>
          <Steps steps={view.chain.steps} words={words} />
        </Card>
      )}
      <Availability view={view} words={words} />
      {kind !== 'route' && <Routes view={view} words={words} nowMs={nowMs} />}
      <Charts view={view} words={words} />
      {selected && (
        <Checks
          checks={view.lastChecks}
          name={routeName(view, words)}
          isUnpinned={selected.isUnpinned}
          words={words}
          nowMs={nowMs}
        />
      )}
      <Card title={words.detail.circuit} live="circuit">
        <EventList events={view.circuit} empty={words.detail.noCircuit} words={words} />
      </Card>
      <Abilities view={view} name={routeName(view, words)} words={words} nowMs={nowMs} />
      <Prices rows={view.prices} words={words} />
      {(kind === 'model' || kind === 'route') && (
        <Card title={words.detail.catalogEvents}>
          <EventList events={view.catalog} empty={words.detail.noCatalogEvents} words={words} />
        </Card>
      )}
      {view.incidents.length > 0 ? (
        <RecentIncidents incidents={view.incidents} words={words} title={words.detail.incidents} />
      ) : (
        <Card title={words.detail.incidents}>
          <p className={styles.soft}>{words.detail.noIncidents}</p>
        </Card>
      )}
    </Main>
  );
}

export function routeName({ selected }: DetailView, words: Words): string {
  return selected ? `${selected.model} · ${selected.provider || words.matrix.any}` : '';
}

function Head({ view, words, nowMs }: Props) {
  return (
    <header className={styles.head} data-live="head">
      <p className={styles.kind}>
        {words.kind[view.kind]}
        {view.parents.map((parent) => (
          <a key={parent.path} href={localPath(words.lang, parent.path)}>
            {parent.name}
          </a>
        ))}
      </p>
      <h1>{view.name}</h1>
      <p className={styles.state}>
        <State verdict={view.verdict} words={words} />
        {view.sinceMs !== null && (
          <span>
            {words.answer.since} <Since atMs={view.sinceMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
        {view.verdict !== 'unknown' && (
          <span>
            {words.sure[view.sure]}
            {words.comma}
            {words.answer.checks(view.checks)}
          </span>
        )}
        {view.lastCheckAtMs !== null && (
          <span>
            {words.answer.lastCheck} <Since atMs={view.lastCheckAtMs} nowMs={nowMs} lang={words.lang} />
          </span>
        )}
      </p>
      {view.reason && <p>{words.said(view.reason)}</p>}
      {view.because && (
        <p>
          {words.detail.because}{' '}
          {view.because.path ? (
            <a href={localPath(words.lang, view.because.path)}>{view.because.name}</a>
          ) : (
            view.because.name
          )}
        </p>
      )}
      {view.usable && (
        <p className={view.usable.now < 2 ? styles.warn : undefined}>
          {words.detail.usable(view.usable.now, view.usable.of)}
        </p>
      )}
      {view.kind === 'route' && view.selected && <p>{words.detail.action[view.selected.action]}</p>}
      <p data-stale-note hidden>
        {words.answer.stale}
      </p>
    </header>
  );
}
