import type { Words } from '#lib/words/words.ts';
import type { AdminView } from '../_data/admin.ts';
import styles from './admin.module.css';
import { Card } from './card.tsx';
import { CostLine } from './cost-line.tsx';
import { writeCount } from './format.ts';
import { Instant } from './instant.tsx';
import { ScrollTable } from './scroll-table.tsx';

interface Props {
  view: AdminView;
  words: Words;
}

export function AdminBudget({ view, words }: Props) {
  const w = words.admin;
  return (
    <>
      <CostLine cost={view.cost} hasRoutes words={words} />
      <Card title={w.perDay}>
        <Spent
          words={words}
          head={w.day}
          rows={view.days.map((d) => ({
            ...d,
            key: `${d.dayMs}${d.gateway}`,
            when: <Instant atMs={d.dayMs} form="day" lang={words.lang} />,
          }))}
        />
      </Card>
      <Card title={w.perMonth}>
        <Spent
          words={words}
          head={w.month}
          rows={view.months.map((m) => ({ ...m, key: `${m.month}${m.gateway}`, when: m.month }))}
        />
      </Card>
    </>
  );
}

interface SpentProps {
  words: Words;
  head: string;
  rows: { key: string; when: React.ReactNode; gateway: string; usd: number; requests: number }[];
}

function Spent({ words, head, rows }: SpentProps) {
  const w = words.admin;
  if (rows.length === 0) return <p className={styles.soft}>{w.nothingSpent}</p>;
  return (
    <ScrollTable label={head}>
      <thead>
        <tr>
          {[head, w.gateway, w.usd, w.requests].map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td>{row.when}</td>
            <td>{row.gateway}</td>
            <td>{row.usd.toFixed(4)}</td>
            <td>{writeCount(row.requests)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

export function AdminAccounts({ view, words }: Props) {
  const w = words.admin;
  const usd = (value: number | null): string => (value === null ? '–' : `$${value.toFixed(2)}`);
  if (view.accounts.length === 0)
    return (
      <Card title={w.tabs.accounts}>
        <p className={styles.soft}>{w.noAccounts}</p>
      </Card>
    );
  return (
    <Card title={w.tabs.accounts}>
      <ScrollTable label={w.tabs.accounts}>
        <thead>
          <tr>
            {[w.account, w.credit, w.keyLimit, w.usedToday, w.usedMonth, w.expires].map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.accounts.map(({ id, facts }) => (
            <tr key={id}>
              <td>
                {id} {facts.isFreeTier && <span className={styles.soft}>{w.freeTier}</span>}
              </td>
              <td>{usd(facts.limitRemainingUsd)}</td>
              <td>{usd(facts.limitUsd)}</td>
              <td>{usd(facts.usageDailyUsd)}</td>
              <td>{usd(facts.usageMonthlyUsd)}</td>
              <td>
                {facts.expiresAtMs === null ? (
                  '–'
                ) : (
                  <Instant atMs={facts.expiresAtMs} form="day" lang={words.lang} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Card>
  );
}
