import type { Words } from '#lib/words/words.ts';
import type { AdminView } from '../_data/admin.ts';
import styles from './admin.module.css';
import { ScopeAndImpact } from './admin-incidents.tsx';
import { Card } from './card.tsx';
import form from './form.module.css';
import { Instant } from './instant.tsx';

interface Props {
  view: AdminView;
  words: Words;
}

export function AdminMaintenance({ view, words }: Props) {
  const w = words.admin;
  return (
    <>
      <Card title={w.plan}>
        <form className={form.form} action="/admin/maintenance" method="post">
          <label>
            {w.name}
            <input name="title" required maxLength={150} />
          </label>
          <ScopeAndImpact view={view} words={words} hasImpact={false} />
          <div className={form.pair}>
            <label>
              {w.from}
              <input type="datetime-local" name="from" required />
            </label>
            <label>
              {w.to}
              <input type="datetime-local" name="to" required />
            </label>
          </div>
          <button type="submit" className={form.button}>
            {w.plan}
          </button>
        </form>
      </Card>
      <Card title={w.planned}>
        {view.facts.maintenance.length === 0 && <p className={styles.soft}>{w.noPlanned}</p>}
        {view.facts.maintenance.map((work) => (
          <Work key={work.id} work={work} nowMs={view.nowMs} words={words} />
        ))}
      </Card>
      <Card title={w.mutes}>
        {view.facts.mutes.length === 0 && <p className={styles.soft}>{w.noMutes}</p>}
        {view.facts.mutes.map(({ scope, untilMs, by }) => (
          <form key={scope} action="/admin/mute" method="post" className={styles.line}>
            <input type="hidden" name="scope" value={scope} />
            <strong>{scope}</strong>
            <span className={styles.soft}>
              {w.mutedUntil} <Instant atMs={untilMs} lang={words.lang} /> {words.incident.by(by)}
            </span>
            <button type="submit" name="do" value="unmute" className={form.plain}>
              {w.unmute}
            </button>
          </form>
        ))}
      </Card>
      <Card title={w.muteTitle}>
        <form className={form.form} action="/admin/mute" method="post">
          <p className={form.hint}>{w.muteNote}</p>
          <ScopeAndImpact view={view} words={words} hasImpact={false} />
          <label>
            {w.muteHours}
            <input type="number" name="hours" min={1} max={168} defaultValue={2} />
          </label>
          <button type="submit" className={form.button}>
            {w.mute}
          </button>
        </form>
      </Card>
    </>
  );
}

interface WorkProps {
  work: AdminView['facts']['maintenance'][number];
  nowMs: number;
  words: Words;
}

function Work({ work, nowMs, words }: WorkProps) {
  const w = words.admin;
  return (
    <form
      action={`/admin/maintenance/${encodeURIComponent(work.id)}`}
      method="post"
      className={`${styles.row} ${styles.line}`}
    >
      <strong>{work.title}</strong>
      <span className={styles.soft}>{work.scope.join(', ')}</span>
      <span>
        <Instant atMs={work.fromMs} form="dated" lang={words.lang} /> –{' '}
        <Instant atMs={work.toMs} form="dated" lang={words.lang} />
      </span>
      {work.isByHand ? (
        <button type="submit" className={form.plain}>
          {work.fromMs > nowMs ? w.cancel : w.endNow}
        </button>
      ) : (
        <span className={styles.soft}>{w.inConfiguration}</span>
      )}
    </form>
  );
}
