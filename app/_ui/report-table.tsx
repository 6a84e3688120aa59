import type { OutcomeClass } from '#lib/core/outcome-words.ts';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { LeftMinutes, ReportTable, ReportTableRow } from '../_data/report-rows.ts';
import styles from './explain.module.css';
import { ScrollTable } from './scroll-table.tsx';

/** Availability against objectives, with the accounting under it: a table that is copied takes its method along. */
export function ObjectiveTable({ table, words }: { table: ReportTable; words: Words }) {
  const w = words.sla;
  if (table.rows.length === 0) return <p>{w.none}</p>;
  return (
    <>
      <ScrollTable label={w.title}>
        <thead>
          <tr>
            <th scope="col">{w.what}</th>
            <th scope="col">{w.available}</th>
            <th scope="col">{w.incidents}</th>
            <th scope="col">{w.worstDay}</th>
            {table.percents.map((percent) => (
              <th key={percent} scope="col">
                {w.leftOf(percent)}
              </th>
            ))}
            <th scope="col">{w.promised}</th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <Row key={row.key} row={row} words={words} />
          ))}
        </tbody>
      </ScrollTable>
      <Accounting table={table} words={words} />
    </>
  );
}

function Row({ row, words }: { row: ReportTableRow; words: Words }) {
  const w = words.sla;
  return (
    <tr>
      <td>{row.path ? <a href={localPath(words.lang, row.path)}>{row.name}</a> : row.name}</td>
      <td>
        {row.share === null ? '–' : `${row.share} %`}
        <br />
        <span className={styles.soft}>{w.measured(row.measured)}</span>
        {row.ways.map((way) => (
          <span key={way.gateway ?? ''} className={styles.soft}>
            <br />
            {way.gateway === null ? w.directly : w.through(way.gateway)}:{' '}
            {way.share === null ? '–' : `${way.share} %`}
          </span>
        ))}
      </td>
      <td>{row.incidents}</td>
      <td>
        {row.worstDay ? <time>{row.worstDay.day}</time> : '–'}
        <br />
        <span className={styles.soft}>
          {row.worstDay ? w.badMinutes(row.worstDay.badMinutes) : w.badMinutes(row.badMinutes)}
        </span>
      </td>
      {row.left.map((one) => (
        <td key={one.percent}>
          <Left left={one} words={words} />
        </td>
      ))}
      <td>
        {row.promised ? (
          <>
            {row.promised.percent} %
            <br />
            <Left left={row.promised} words={words} />
            {row.promised.isDirect && (
              <span className={styles.soft}>
                <br />
                {w.directly}
              </span>
            )}
          </>
        ) : (
          w.noPromise
        )}
      </td>
    </tr>
  );
}

function Left({ left, words }: { left: LeftMinutes; words: Words }) {
  const w = words.sla;
  return (
    <>
      {w.minutes(left.minutes)}
      <br />
      <span className={styles.soft}>{left.isMet === null ? w.notKnown : left.isMet ? w.met : w.missed}</span>
    </>
  );
}

function Accounting({ table, words }: { table: ReportTable; words: Words }) {
  const w = words.sla;
  const { accounting } = table;
  const names = (list: string[]) =>
    [...new Set(list.map((name) => words.checkRow.class(name as OutcomeClass)))].join(', ');
  return (
    <div className={styles.text}>
      <p>{w.countedAs(words.detail.countingNames[table.convention])}</p>
      <p>
        {w.bad}: {names(accounting.bad)}.
      </p>
      <p>
        {w.degraded}: {names(accounting.degraded)}.
      </p>
      {accounting.limited.length > 0 && (
        <p>
          {w.limited}: {names(accounting.limited)}.
        </p>
      )}
      <p>
        {w.leftOut}: {names(accounting.left_out)}.
      </p>
      <p>
        <a href={table.csvPath}>CSV</a>, <a href={table.jsonPath}>JSON</a>: {w.files}
      </p>
    </div>
  );
}
