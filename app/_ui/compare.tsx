import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { CompareRow, CompareView } from '../_data/compare.ts';
import { Card } from './card.tsx';
import styles from './explain.module.css';
import form from './form.module.css';
import { writeMs } from './format.ts';
import { Main } from './main.tsx';
import { ScrollTable } from './scroll-table.tsx';
import { State } from './state.tsx';

export function Compare({ view, words }: { view: CompareView; words: Words }) {
  const w = words.compare;
  return (
    <Main untilMs={view.untilMs} position={view.position}>
      <header className={styles.head}>
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
      </header>
      {view.model === null ? (
        <Card>
          <p>{w.none}</p>
        </Card>
      ) : (
        <>
          <Card>
            <form className={form.pair} action={localPath(words.lang, '/compare')} method="get">
              <label className={form.choice}>
                {w.model}
                <select name="models" defaultValue={view.model}>
                  {view.models.map((model) => (
                    <option key={model.id} value={model.id}>
                      {model.id} ({model.n})
                    </option>
                  ))}
                </select>
              </label>
              <button type="submit" className={form.button}>
                {w.choose}
              </button>
            </form>
          </Card>
          <Card title={view.model}>
            <Table view={view} words={words} />
            <p className={styles.soft}>{w.note}</p>
          </Card>
        </>
      )}
    </Main>
  );
}

function Table({ view, words }: { view: CompareView; words: Words }) {
  const w = words.compare;
  const more = {
    hasOverhead: view.rows.some((row) => row.overheadMs !== null),
    hasSaved: view.rows.some((row) => row.saved !== null),
  };
  const heads = [
    w.way,
    w.now,
    w.availability,
    w.worked,
    w.firstToken,
    w.speed,
    w.price,
    w.markup,
    w.reported,
  ];
  return (
    <ScrollTable label={w.title}>
      <thead>
        <tr>
          {[...heads, ...(more.hasOverhead ? [w.overhead] : []), ...(more.hasSaved ? [w.saved] : [])].map(
            (head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <Row key={row.id} row={row} more={more} words={words} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

interface RowProps {
  row: CompareRow;
  more: { hasOverhead: boolean; hasSaved: boolean };
  words: Words;
}

function Row({ row, more, words }: RowProps) {
  const usd = (value: number | null): string => (value === null ? '–' : `$${value}`);
  const { firstTokenMs: first, tokensPerSecond: speed } = row;
  return (
    <tr>
      <td>
        <a href={localPath(words.lang, row.path)}>{row.provider || words.matrix.any}</a>
        <br />
        <span className={styles.soft}>{row.gateway}</span>
      </td>
      <td>
        <State verdict={row.verdict} words={words} />
      </td>
      <td>
        {row.share30d === null ? '–' : `${row.share30d} %`}
        <br />
        <span className={styles.soft}>{words.sla.measured(row.measured30d)}</span>
      </td>
      <td>{row.worked ? words.compare.interval(row.worked.low, row.worked.high, row.worked.n) : '–'}</td>
      <td>
        <Figure estimate={first} write={writeMs} words={words} />
      </td>
      <td>
        <Figure estimate={speed} write={(n) => String(Math.round(n))} words={words} />
      </td>
      <td>
        {usd(row.promptPerMillion)} / {usd(row.completionPerMillion)}
      </td>
      <td>{row.markup ?? '–'}</td>
      <td>{row.reportedUptime === null ? '–' : `${row.reportedUptime} %`}</td>
      {more.hasOverhead && (
        <td>
          <Figure estimate={row.overheadMs} write={writeMs} words={words} />
        </td>
      )}
      {more.hasSaved && (
        <td>
          <Figure estimate={row.saved} write={(n) => `${Math.floor(n * 100)} %`} words={words} />
        </td>
      )}
    </tr>
  );
}

interface FigureProps {
  estimate: CompareRow['firstTokenMs'];
  write: (value: number) => string;
  words: Words;
}

/** A number somebody will quote: with its interval and how many checks it rests on. */
function Figure({ estimate, write, words }: FigureProps) {
  if (!estimate) return '–';
  const { value, low, high, n } = estimate;
  return (
    <>
      {write(value)}
      <br />
      <span className={styles.soft}>{words.compare.between(write(low), write(high), n)}</span>
    </>
  );
}
