import type { Words } from '#lib/words/words.ts';
import type { ApiGroup, ApiOperation } from '../_data/api-reference.ts';
import styles from './api-reference.module.css';
import { Card } from './card.tsx';
import head from './explain.module.css';
import form from './form.module.css';
import { Main } from './main.tsx';

export function ApiReference({ groups, base, words }: { groups: ApiGroup[]; base: string; words: Words }) {
  const w = words.apiPage;
  return (
    <Main>
      <header className={head.head}>
        <h1>{w.title}</h1>
        <p>
          {w.lead} <a href="/openapi.json">{w.document}</a>
        </p>
      </header>
      {groups.length === 0 && (
        <Card>
          <p>{w.none}</p>
        </Card>
      )}
      {groups.map((group) => (
        <Card key={group.tag} title={words.api(group.tag)}>
          {group.operations.map((operation) => (
            <Operation
              key={`${operation.method}${operation.path}`}
              operation={operation}
              base={base}
              words={words}
            />
          ))}
        </Card>
      ))}
      <script src="/try.js" defer />
    </Main>
  );
}

function Operation({ operation, base, words }: { operation: ApiOperation; base: string; words: Words }) {
  const w = words.apiPage;
  const { method, path, parameters } = operation;
  const curl =
    method === 'GET'
      ? `curl ${base}${path}`
      : `curl -X ${method} -H 'Authorization: Bearer …' ${base}${path}`;
  return (
    <details className={styles.operation}>
      <summary>
        <strong>{method}</strong> <code>{path}</code>{' '}
        <span className={head.soft}>{words.api(operation.summary)}</span>
        {operation.access && <span className={head.soft}> ({w.token})</span>}
      </summary>
      <pre className={styles.curl}>{curl}</pre>
      {operation.isTryable ? (
        <form className={form.form} action={path} method="get" data-try={path}>
          {parameters.map((p) => (
            <label key={p.name}>
              {p.name}: {words.api(p.about)}
              <input name={p.name} data-in={p.in} placeholder={p.values.slice(0, 6).join(', ')} />
            </label>
          ))}
          <button type="submit" className={form.plain}>
            {w.try}
          </button>
          <output className={styles.output} aria-label={w.answer} />
        </form>
      ) : (
        parameters.length > 0 && (
          <ul>
            {parameters.map((p) => (
              <li key={p.name}>
                <code>{p.name}</code> {words.api(p.about)}{' '}
                <span className={head.soft}>{p.values.join(', ')}</span>
              </li>
            ))}
          </ul>
        )
      )}
    </details>
  );
}
