import type { Incident } from '#lib/core/plan.ts';
import { impacts } from '#lib/core/words.ts';
import type { Words } from '#lib/words/words.ts';
import type { AdminView } from '../_data/admin.ts';
import { pathOf } from '../_data/paths.ts';
import styles from './admin.module.css';
import { Card } from './card.tsx';
import form from './form.module.css';
import { Instant } from './instant.tsx';
import { State } from './state.tsx';

interface Props {
  view: AdminView;
  words: Words;
}

export function AdminIncidents({ view, words }: Props) {
  const w = words.admin;
  return (
    <>
      <Card title={w.tabs.incidents}>
        {view.incidents.length === 0 && <p className={styles.soft}>{w.noIncidents}</p>}
        {view.incidents.map((incident) => (
          <Row key={incident.id} incident={incident} view={view} words={words} />
        ))}
      </Card>
      <Card title={w.openByHand}>
        <form className={form.form} action="/admin/incidents" method="post">
          <label>
            {w.name}
            <input name="title" required maxLength={150} />
          </label>
          <ScopeAndImpact view={view} words={words} />
          <label>
            {w.text}
            <textarea name="text" rows={3} maxLength={2_000} />
          </label>
          <button type="submit" className={form.button}>
            {w.openByHand}
          </button>
        </form>
      </Card>
    </>
  );
}

export function ScopeAndImpact({ view, words, hasImpact = true }: Props & { hasImpact?: boolean }) {
  return (
    <div className={form.pair}>
      <label>
        {words.admin.scope}
        <input name="scope" required list="scopes" placeholder="gateway:openrouter" />
        <datalist id="scopes">
          {view.scopes.map((scope) => (
            <option key={scope} value={scope} />
          ))}
        </datalist>
      </label>
      {hasImpact && <ImpactChoice words={words} value="degraded" />}
    </div>
  );
}

function ImpactChoice({ words, value }: { words: Words; value: Incident['impact'] }) {
  return (
    <label>
      {words.admin.impact}
      <select name="impact" defaultValue={value}>
        {impacts.map((impact) => (
          <option key={impact} value={impact}>
            {words.state[impact]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One told as part of another, and a part told as one of its own. */
function Joins({ incident, view, words }: Props & { incident: Incident }) {
  const w = words.admin;
  const others = view.incidents.filter((one) => one.id !== incident.id && !one.mergedInto);
  return (
    <>
      {others.length > 0 && !incident.mergedInto && (
        <div className={form.pair}>
          <label>
            {w.mergeWith}
            <select name="into">
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" name="do" value="merge" className={form.plain}>
            {w.merge}
          </button>
        </div>
      )}
      {incident.status === 'open' && (
        <div className={form.pair}>
          <label>
            {w.splitScope}
            <input name="part" list="scopes" placeholder="provider:groq" maxLength={200} />
          </label>
          <button type="submit" name="do" value="split" className={form.plain}>
            {w.split}
          </button>
        </div>
      )}
    </>
  );
}

function Row({ incident, view, words }: Props & { incident: Incident }) {
  const w = words.admin;
  const isOpen = incident.status === 'open';
  const one = (what: string, text: string) => <Act key={what} id={incident.id} what={what} text={text} />;
  return (
    <div className={styles.row}>
      <p className={styles.line}>
        {incident.isPublic ? (
          <a href={pathOf.incident(incident.id)}>{incident.title}</a>
        ) : (
          <strong>{incident.title}</strong>
        )}
        <State
          verdict={isOpen ? incident.impact : 'operational'}
          words={words}
          {...(isOpen ? {} : { word: words.incident.over })}
        />
        <span className={styles.soft}>
          <Instant atMs={incident.startedAtMs} lang={words.lang} />
        </span>
        {!incident.isPublic && <span className={styles.soft}>{w.notPublic}</span>}
        {incident.acknowledgedBy && (
          <span className={styles.soft}>{w.acknowledgedBy(incident.acknowledgedBy)}</span>
        )}
      </p>
      <p className={styles.soft}>{incident.reason}</p>
      <div className={styles.line}>
        {isOpen && !incident.acknowledgedBy && one('acknowledge', w.acknowledge)}
        {incident.isPublic ? one('hide', w.hide) : one('publish', w.publish)}
        {isOpen && one('resolve', w.resolve)}
        {one('announce', w.announce)}
      </div>
      <details>
        <summary>
          {w.annotate}, {w.correct}
        </summary>
        <form
          className={form.form}
          action={`/admin/incidents/${encodeURIComponent(incident.id)}`}
          method="post"
        >
          <label>
            {w.text}
            <textarea name="text" rows={2} maxLength={2_000} />
          </label>
          <button type="submit" name="do" value="annotate" className={form.plain}>
            {w.annotate}
          </button>
          <div className={form.pair}>
            <label>
              {w.name}
              <input name="title" defaultValue={incident.title} maxLength={150} />
            </label>
            <ImpactChoice words={words} value={incident.impact} />
          </div>
          <button type="submit" name="do" value="correct" className={form.plain}>
            {w.correct}
          </button>
          <Joins incident={incident} view={view} words={words} />
        </form>
      </details>
    </div>
  );
}

function Act({ id, what, text }: { id: string; what: string; text: string }) {
  return (
    <form action={`/admin/incidents/${encodeURIComponent(id)}`} method="post">
      <button type="submit" name="do" value={what} className={form.plain}>
        {text}
      </button>
    </form>
  );
}
