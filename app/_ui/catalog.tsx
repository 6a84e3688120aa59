import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { CatalogView } from '../_data/catalog-page.ts';
import { catalogTypes } from '../_data/event-row.ts';
import nav from './availability.module.css';
import { Card } from './card.tsx';
import list from './event-list.module.css';
import styles from './explain.module.css';
import { Instant } from './instant.tsx';
import { Main } from './main.tsx';

export function Catalog({ view, words }: { view: CatalogView; words: Words }) {
  const w = words.catalogPage;
  const at = (query: string): string => `${localPath(words.lang, '/catalog')}${query}`;
  return (
    <Main untilMs={view.untilMs}>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>
          {w.lead} {view.models > 0 && w.listed(view.models)}
        </p>
        <nav className={nav.counting} aria-label={w.all}>
          <a href={at('')} aria-current={view.kind === null ? 'true' : undefined}>
            {w.all}
          </a>
          {catalogTypes.map((type) => (
            <a key={type} href={at(`?kind=${type}`)} aria-current={view.kind === type ? 'true' : undefined}>
              {w.kinds[type]}
            </a>
          ))}
        </nav>
      </header>
      {view.leaving.length > 0 && (
        <Card title={w.leaving}>
          <ul>
            {view.leaving.map((model) => (
              <li key={model.id}>
                {model.path ? <a href={localPath(words.lang, model.path)}>{model.id}</a> : model.id}{' '}
                <span className={styles.soft}>{model.on}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card>
        {view.rows.length === 0 && <p className={styles.soft}>{w.none}</p>}
        <ol className={list.list}>
          {view.rows.map((row) => (
            <li key={row.id}>
              <Instant atMs={row.atMs} lang={words.lang} />
              <span>
                {words.said(row.sentence)}{' '}
                {row.path && <a href={localPath(words.lang, row.path)}>{row.model}</a>}
              </span>
            </li>
          ))}
        </ol>
        {view.nextBefore && (
          <p>
            <a rel="next" href={at(`?before=${view.nextBefore}${view.kind ? `&kind=${view.kind}` : ''}`)}>
              {w.earlier}
            </a>
          </p>
        )}
      </Card>
    </Main>
  );
}
