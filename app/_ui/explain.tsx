import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { ExplainView, Happening, RulePage } from '../_data/explain.ts';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import form from './form.module.css';
import { Main } from './main.tsx';

/** Paste an error; the answer comes from the table that judges our own checks. */
export function Explain({ view, words }: { view: ExplainView; words: Words }) {
  const w = words.explain;
  return (
    <Main isNarrow>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
      </header>
      <Card>
        <form className={form.form} action="/explain" method="post">
          <input type="hidden" name="lang" value={words.lang} />
          <div className={form.pair}>
            <label>
              {w.status}
              <input
                name="status"
                inputMode="numeric"
                maxLength={3}
                size={5}
                defaultValue={view.asked.status}
                placeholder="401"
              />
            </label>
            <label>
              {w.gateway}
              <select name="gateway" defaultValue="openrouter">
                <option value="openrouter">{w.viaGateway}</option>
                <option value="direct">{w.direct}</option>
              </select>
            </label>
          </div>
          <label>
            {w.body}
            <textarea
              name="message"
              rows={5}
              maxLength={8_000}
              spellCheck={false}
              placeholder='{"error":{"code":401,"message":"User not found."}}'
            />
          </label>
          <p className={form.hint}>{w.bodyHint}</p>
          <button type="submit" className={form.button}>
            {w.submit}
          </button>
        </form>
      </Card>
      {view.explained && <Explained explained={view.explained} words={words} />}
      <Card title={w.all}>
        {view.rules.map((group) => (
          <div key={group.status} className={styles.group}>
            <h3>{w.statusWord(group.status)}</h3>
            <ul>
              {group.rows.map((rule) => (
                <li key={rule.id}>
                  <a href={localPath(words.lang, rule.path)}>{words.rule(rule.id, rule).title}</a>{' '}
                  <span className={styles.soft}>{words.rule(rule.id, rule).example}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </Card>
    </Main>
  );
}

function Explained({ explained, words }: { explained: NonNullable<ExplainView['explained']>; words: Words }) {
  const w = words.explain;
  const text = words.rule(explained.rule, explained);
  const read = [explained.read.status, explained.read.code, explained.read.message].filter(
    (part) => part !== null,
  );
  return (
    <Card title={text.title} id="answer">
      <Meaning
        meaning={text.meaning}
        whose={explained.whose}
        fix={explained.fix}
        advice={text.advice}
        words={words}
      />
      {explained.named && <p>{w.named(explained.named)}</p>}
      <Now now={explained.now} words={words} />
      {read.length > 0 && (
        <p className={styles.soft}>
          {w.read}: <samp>{read.join(' · ')}</samp>
        </p>
      )}
      {explained.path && (
        <p>
          <a href={localPath(words.lang, explained.path)}>{w.more}</a>
        </p>
      )}
    </Card>
  );
}

interface MeaningProps {
  meaning: string;
  whose: string;
  fix: string;
  advice: string;
  words: Words;
}

function Meaning({ meaning, whose, fix, advice, words }: MeaningProps) {
  const w = words.explain;
  return (
    <dl className={styles.meaning}>
      <dt>{w.means}</dt>
      <dd>{meaning}</dd>
      <dt>{w.whose}</dt>
      <dd>{w.whoseNames[whose] ?? whose}</dd>
      <dt>{w.todo}</dt>
      <dd>
        <strong>{w.fix[fix] ?? fix}.</strong> {advice}
      </dd>
    </dl>
  );
}

/** The permanent page of one row of the table. */
export function Rule({ page, words }: { page: RulePage; words: Words }) {
  const { rule } = page;
  const text = words.rule(rule.id, rule);
  const w = words.explain;
  return (
    <Main isNarrow untilMs={page.untilMs} position={page.position}>
      <header className={styles.head}>
        <p className={styles.soft}>
          <a href={localPath(words.lang, '/explain')}>{w.title}</a>
        </p>
        <h1>{text.title}</h1>
        <p className={styles.soft}>
          {w.status} {rule.status}. {w.example}: <samp>{text.example}</samp>
        </p>
      </header>
      <Card>
        <Meaning
          meaning={text.meaning}
          whose={rule.whose}
          fix={rule.fix}
          advice={text.advice}
          words={words}
        />
      </Card>
      <Card title={w.now}>
        <Now now={page.now} words={words} isBare />
      </Card>
    </Main>
  );
}

function Now({ now, words, isBare }: { now: Happening; words: Words; isBare?: boolean }) {
  const w = words.explain;
  const text =
    now.checks === 0
      ? w.nowUnknown
      : now.hits > 0
        ? w.nowYes(now.hits, now.checks, now.minutes)
        : w.nowNo(now.checks, now.minutes);
  return (
    <div className={styles.now}>
      {!isBare && <h3>{w.now}</h3>}
      <p className={now.hits > 0 ? styles.yes : undefined}>{text}</p>
      {now.places.length > 0 && (
        <ul>
          {now.places.map((place) => (
            <li key={place.path}>
              <a href={localPath(words.lang, place.path)}>{place.name}</a>{' '}
              <span className={styles.soft}>{place.hits}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
