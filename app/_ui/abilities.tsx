import type { Words } from '#lib/words/words.ts';
import type { DetailView } from '../_data/detail.ts';
import { Card } from './card.tsx';
import { Since } from './instant.tsx';
import styles from './prices.module.css';
import { ScrollTable } from './scroll-table.tsx';

interface Props {
  view: Pick<DetailView, 'abilities' | 'sameness'>;
  /** Of which route the abilities are. */
  name: string;
  words: Words;
  nowMs: number;
}

/** What a route can do beside answering, and whether a model is the same everywhere: shown, never counted. */
export function Abilities({ view, name, words, nowMs }: Props) {
  const { abilities, sameness } = view;
  const w = words.detail.abilities;
  if (abilities.length === 0 && !sameness) return null;
  return (
    <Card title={w.title}>
      <p className={styles.note}>{w.note}</p>
      {sameness && (
        <p>
          {sameness.odd.length === 0
            ? w.same(sameness.answered)
            : w.odd(sameness.answered, sameness.odd.join(', '))}{' '}
          <Since atMs={sameness.atMs} nowMs={nowMs} lang={words.lang} />
        </p>
      )}
      {abilities.length > 0 && (
        <ScrollTable label={w.of(name)}>
          <tbody>
            {abilities.map((row) => (
              <tr key={row.name}>
                <th scope="row">{w.names[row.name]}</th>
                <td>{w.shown[row.shown]}</td>
                <td>{row.atMs === null ? '–' : <Since atMs={row.atMs} nowMs={nowMs} lang={words.lang} />}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Card>
  );
}
