import type { Estimate } from '#lib/core/estimate.ts';
import type { QuotedNumbers, SlaReport } from '#lib/core/report.ts';
import type { Words } from '#lib/words/words.ts';
import styles from './explain.module.css';
import { ScrollTable } from './scroll-table.tsx';

/** What everybody quotes: each figure with its interval and how many checks it rests on. */
export function ReportNumbers({ numbers, words }: { numbers: QuotedNumbers | null; words: Words }) {
  const w = words.report.numbers;
  if (numbers === null) return <p>{w.notYet}</p>;
  const lines = linesOf(numbers, words);
  if (lines.length === 0) return <p>{w.tooLittle}</p>;
  return (
    <>
      <ScrollTable label={w.title}>
        <thead>
          <tr>
            {[w.figure, w.of, w.value, w.interval, 'n'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(([figure, of, value, interval, n]) => (
            <tr key={`${figure} ${of}`}>
              <td>{figure}</td>
              <td>{of}</td>
              <td>{value}</td>
              <td>{interval}</td>
              <td>{n}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className={styles.soft}>{w.since(new Date(numbers.fromMs).toISOString().slice(0, 10))}</p>
    </>
  );
}

type Line = [figure: string, of: string, value: string, interval: string, n: string];
type Form = (value: number) => string;

function linesOf(numbers: QuotedNumbers, words: Words): Line[] {
  const w = words.report.numbers;
  const line = (figure: string, of: string, found: Estimate | null, form: Form): Line =>
    found
      ? [figure, of, form(found.value), w.between(form(found.low), form(found.high)), String(found.n)]
      : [figure, of, w.few, '–', '–'];
  return [
    ...numbers.overhead.flatMap((one) => [
      line(w.overheadHeaders, `${one.provider} · ${one.model}`, one.headersMs, signedMs),
      line(w.overheadToken, `${one.provider} · ${one.model}`, one.firstTokenMs, signedMs),
    ]),
    ...numbers.failover.flatMap((one) => [
      line(w.saved, `${one.gateway} · ${one.model}`, one.saved, percent),
      line(w.paid, `${one.gateway} · ${one.model}`, one.paidMs, signedMs),
    ]),
    ...numbers.lag.flatMap((one): Line[] => [
      one.lagMs === null && one.lagsMs.length > 0
        ? [w.lag, one.page, one.lagsMs.map(signedMinutes).join(', '), w.few, String(one.lagsMs.length)]
        : line(w.lag, one.page, one.lagMs, signedMinutes),
      [w.silent, one.page, `${one.silent} / ${one.incidents}`, '–', String(one.incidents)],
    ]),
    ...numbers.markup.map(
      (one): Line => [
        w.markup,
        `${one.provider} · ${one.model}`,
        w.prices(times(one.prompt), times(one.completion)),
        '–',
        '–',
      ],
    ),
  ];
}

const signed = (value: number, digits: number) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const signedMs: Form = (value) => `${signed(value, 1)} ms`;
const signedMinutes: Form = (value) => `${signed(value / 60_000, 1)} min`;
const percent: Form = (value) => `${(value * 100).toFixed(1)} %`;
const times = (value: number | null) => (value === null ? '–' : `× ${value.toFixed(3)}`);

/** A line of its own: no price shows it, and nobody who buys credit escapes it. */
export function CreditFee({ fees, words }: { fees: SlaReport['creditFees']; words: Words }) {
  const { card, crypto, leastUsd } = fees.openrouter;
  const text = (share: number) => (share * 100).toFixed(1);
  return <p>{words.report.numbers.fee(text(card), text(crypto), leastUsd.toFixed(2))}</p>;
}
