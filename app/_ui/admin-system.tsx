import type { Words } from '#lib/words/words.ts';
import type { AdminView } from '../_data/admin.ts';
import styles from './admin.module.css';
import { Card } from './card.tsx';
import form from './form.module.css';
import { writeSpan } from './format.ts';
import { Instant } from './instant.tsx';
import { ScrollTable } from './scroll-table.tsx';

interface Props {
  view: AdminView;
  words: Words;
}

export function AdminTargets({ view, words }: Props) {
  const w = words.admin;
  return (
    <Card title={w.tabs.targets} note={<CheckNow targetKey="all" text={w.checkAll} />}>
      {view.targets.length === 0 ? (
        <p className={styles.soft}>{w.noTargets}</p>
      ) : (
        <ScrollTable label={w.tabs.targets}>
          <thead>
            <tr>
              {[w.target, w.kindOfCheck, w.every, w.price, w.origin, w.lastSeen].map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
              <th scope="col">{w.checkNow}</th>
            </tr>
          </thead>
          <tbody>
            {view.targets.map(({ watched, lastAtMs }) => (
              <tr key={watched.key}>
                <td>
                  {[watched.target.gateway, watched.target.provider, watched.target.model]
                    .filter(Boolean)
                    .join(' / ')}
                </td>
                <td>{watched.probe}</td>
                <td>{writeSpan(watched.everyMs)}</td>
                <td>{watched.priceUsd === 0 ? '–' : `$${watched.priceUsd.toFixed(6)}`}</td>
                <td>{watched.origin}</td>
                <td>{lastAtMs === null ? '–' : <Instant atMs={lastAtMs} lang={words.lang} />}</td>
                <td>
                  <CheckNow targetKey={watched.key} text={w.checkNow} />
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Card>
  );
}

function CheckNow({ targetKey, text }: { targetKey: string; text: string }) {
  return (
    <form action="/admin/targets" method="post">
      <input type="hidden" name="key" value={targetKey} />
      <button type="submit" className={form.plain}>
        {text}
      </button>
    </form>
  );
}

export function AdminConfig({ view, words }: Props) {
  const w = words.admin;
  return (
    <Card title={w.tabs.config}>
      {view.facts.config.length === 0 ? (
        <p className={styles.soft}>{w.noConfig}</p>
      ) : (
        <ScrollTable label={w.tabs.config}>
          <thead>
            <tr>
              {[w.path, w.value, w.source].map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.facts.config.map((line) => (
              <tr key={line.path} className={line.from.kind === 'default' ? styles.calm : undefined}>
                <td>
                  <code>{line.path}</code>
                </td>
                <td>{line.value}</td>
                <td>{w.cameFrom(line.from)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Card>
  );
}

export function AdminHealth({ view, words }: Props) {
  const w = words.admin;
  return (
    <Card title={w.tabs.health}>
      <ul>
        <li>
          {w.beat}: {view.beat ? <Instant atMs={view.beat.atMs} form="full" lang={words.lang} /> : '–'}
        </li>
        <li>
          {w.started}:{' '}
          {view.beat ? <Instant atMs={view.beat.startedAtMs} form="full" lang={words.lang} /> : '–'}
        </li>
        <li>
          {w.outbox}: {w.waiting(view.pending.due, view.pending.dead)}
        </li>
        <li>
          {w.guard}: {w.guardStates[view.guard.state] ?? view.guard.state}
        </li>
        <li>
          {w.own}: {w.ownStates[view.guard.self] ?? view.guard.self}
        </li>
        {view.facts.health.map((line) => (
          <li key={line.name} className={line.isGood ? undefined : styles.bad}>
            {w.healthNames[line.name]}: {line.value}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function AdminAudit({ view, words }: Props) {
  const w = words.admin;
  return (
    <Card title={w.tabs.audit}>
      {view.facts.audit.length === 0 && <p className={styles.soft}>{w.noAudit}</p>}
      <ol>
        {view.facts.audit.map((line) => (
          <li key={`${line.atMs}${line.text}`} className={styles.line}>
            <Instant atMs={line.atMs} form="full" lang={words.lang} />
            <strong>{line.by}</strong>
            <span>{words.done(line.text)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
