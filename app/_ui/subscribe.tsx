import type { ReactNode } from 'react';
import type { Words } from '#lib/words/words.ts';
import type { SubscribeView } from '../_data/subscribe.ts';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import form from './form.module.css';
import { Main } from './main.tsx';

interface Props {
  view: SubscribeView;
  words: Words;
}

export function Subscribe({ view, words }: Props) {
  const w = words.subscribe;
  return (
    <Main isNarrow>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>{view.until ? w.untilOverNote(view.until.title) : w.lead}</p>
        {view.sent && (
          <p role="status" className={styles.yes}>
            {w.sent}
          </p>
        )}
        {view.failed && (
          <p role="alert" className={styles.yes}>
            {w.failed}
          </p>
        )}
      </header>
      {view.isEmailOffered ? (
        <EmailForm view={view} words={words} />
      ) : (
        <Card title={w.email}>
          <p>{w.emailOff}</p>
        </Card>
      )}
      {!view.until && (
        <AddressForm
          channel="webhook"
          title={w.webhook}
          label={w.webhookLabel}
          note={w.webhookNote}
          view={view}
          words={words}
        />
      )}
      {!view.until && (
        <AddressForm
          channel="slack"
          title={w.slack}
          label={w.slackLabel}
          note={
            <>
              {w.slackNote} <code>/feed subscribe {view.baseUrl}/feed.atom</code>
            </>
          }
          view={view}
          words={words}
        />
      )}
      <Feeds view={view} words={words} />
    </Main>
  );
}

function Feeds({ view, words }: Props) {
  const w = words.subscribe;
  const query = view.chosen ? `?scope=${encodeURIComponent(view.chosen)}` : '';
  return (
    <Card title={w.feeds}>
      <ul className={styles.feeds}>
        <li>
          <a href={`/feed.atom${query}`}>{w.atom}</a>
        </li>
        <li>
          <a href={`/feed.rss${query}`}>{w.rss}</a>
        </li>
        <li>
          <a href="/maintenance.ics">{w.calendar}</a>
        </li>
        <li>
          <a href="/api/v1/health">{w.health}</a>
        </li>
      </ul>
    </Card>
  );
}

function EmailForm({ view, words }: Props) {
  const w = words.subscribe;
  return (
    <Card title={w.email}>
      <form className={form.form} action="/subscribe" method="post">
        <input type="hidden" name="channel" value="email" />
        <label>
          {w.emailLabel}
          <input type="email" name="address" required autoComplete="email" maxLength={254} />
        </label>
        {view.until ? (
          <input type="hidden" name="incident" value={view.until.id} />
        ) : (
          <Choices view={view} words={words} hasDigest />
        )}
        <Trap words={words} />
        <p className={form.hint}>{w.emailNote}</p>
        <button type="submit" className={form.button}>
          {w.submit}
        </button>
      </form>
    </Card>
  );
}

interface AddressFormProps extends Props {
  channel: 'webhook' | 'slack';
  title: string;
  label: string;
  note: ReactNode;
}

function AddressForm({ channel, title, label, note, view, words }: AddressFormProps) {
  return (
    <Card title={title}>
      <form className={form.form} action="/subscribe" method="post">
        <input type="hidden" name="channel" value={channel} />
        <label>
          {label}
          <input
            type="url"
            name="address"
            required
            maxLength={2_000}
            pattern="https://.*"
            placeholder="https://"
          />
        </label>
        <Choices view={view} words={words} />
        <Trap words={words} />
        <p className={form.hint}>{note}</p>
        <button type="submit" className={form.button}>
          {words.subscribe.submit}
        </button>
      </form>
    </Card>
  );
}

/** A field people do not see; who fills it in is no person. */
function Trap({ words }: { words: Words }) {
  return (
    <label className={form.trap} aria-hidden="true">
      {words.subscribe.trap}
      <input name="website" tabIndex={-1} autoComplete="off" />
    </label>
  );
}

function Choices({ view, words, hasDigest }: Props & { hasDigest?: boolean }) {
  const w = words.subscribe;
  return (
    <>
      <details open={view.chosen !== ''}>
        <summary>
          {w.about}: {view.chosen ? view.chosen : w.everything}
        </summary>
        {view.choices.map((group) => (
          <fieldset key={group.kind}>
            <legend>{words.kind[group.kind]}</legend>
            <div className={form.scopes}>
              {group.list.map((choice) => (
                <label key={choice.key} className={form.check}>
                  <input type="checkbox" name="scope" value={choice.key} defaultChecked={choice.isChosen} />
                  {choice.name}
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </details>
      <div className={form.pair}>
        <label>
          {w.smallest}
          <select name="min_impact" defaultValue="degraded">
            {(['degraded', 'partial_outage', 'major_outage'] as const).map((impact) => (
              <option key={impact} value={impact}>
                {w.impacts[impact]}
              </option>
            ))}
          </select>
        </label>
        {hasDigest && (
          <label>
            {w.digest}
            <select name="digest" defaultValue="at_once">
              {(['at_once', 'daily', 'weekly'] as const).map((digest) => (
                <option key={digest} value={digest}>
                  {w.digests[digest]}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </>
  );
}
