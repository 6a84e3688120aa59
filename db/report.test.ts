import { describe, expect, it } from 'vitest';
import { reportLines } from '../bin/signalbox/report-text.ts';
import { reportCsv } from '../lib/core/report.ts';
import {
  component,
  dayMs,
  event,
  haiku,
  incident,
  minuteMs,
  monday,
  planOf,
  recordMinutes,
  watched,
} from './contract/samples.contract.ts';
import { openMemoryStore, slaReport } from './open.ts';

/** Two days of one route, with half an hour of failure on the second. */
function twoDays() {
  const clock = { nowMs: monday };
  const store = openMemoryStore({ nowMs: () => clock.nowMs });
  store.looks.saveFleet([watched()], monday);
  store.looks.advance(monday, () =>
    planOf({
      components: [
        component(),
        component({ kind: 'provider', id: 'anthropic' }),
        component({ kind: 'provider', id: 'somebody-else' }),
        component({ kind: 'model', id: 'claude-haiku-4-5' }),
      ],
    }),
  );
  recordMinutes(store, monday, 2 * 24 * 60, (minute) =>
    minute >= 2000 && minute < 2030 ? 'http_5xx' : 'ok',
  );
  store.incidents.add(
    incident({
      scope: { kind: 'provider', id: 'anthropic' },
      startedAtMs: monday + 2000 * minuteMs,
      status: 'resolved',
      resolvedAtMs: monday + 2030 * minuteMs,
    }),
    [event('e1')],
  );
  clock.nowMs = monday + 2 * dayMs;
  const query = {
    fromMs: monday,
    toMs: monday + 2 * dayMs,
    convention: 'openrouter' as const,
    published: { anthropic: 99.5 },
  };
  return { store, query, clock, report: slaReport(store, query) };
}

describe('the report', () => {
  it('has a row for everything that was looked at, and none for what was not', () => {
    const { report } = twoDays();
    expect(report.rows.map((row) => `${row.kind}:${row.id}`)).toEqual([
      'gateway:openrouter',
      'model:claude-haiku-4-5',
      'provider:anthropic',
    ]);
  });
  it('has availability, coverage, incidents and the worst day', () => {
    const row = twoDays().report.rows.find((one) => one.kind === 'provider');
    expect(row).toMatchObject({
      routes: 1,
      text: '98.95',
      coverage: 1,
      measuredS: 172_800,
      badS: 1800,
      incidents: 1,
      incidentMinutes: 30,
      worstDay: { dayMs: monday + dayMs, badS: 1800, measuredS: 86_400 },
    });
  });
  it('says what is left of each objective, and whether a promise was kept', () => {
    const row = twoDays().report.rows.find((one) => one.kind === 'provider');
    expect(row?.objectives.map((one) => [one.percent, one.isMet])).toEqual([
      [99.9, false],
      [99.95, false],
      [99.99, false],
    ]);
    expect(row?.objectives[0]?.leftMinutes).toBeCloseTo(2.88 - 30, 6);
    expect(row?.published).toMatchObject({ percent: 99.5, isMet: false });
    expect(row?.published?.leftMinutes).toBeCloseTo(14.4 - 30, 6);
  });
  it('says of too little that it cannot say', () => {
    const { store, query, clock } = twoDays();
    clock.nowMs = monday + 3 * dayMs;
    const row = slaReport(store, { ...query, toMs: clock.nowMs }).rows[0];
    expect(row?.coverage).toBeCloseTo(2 / 3, 9);
    expect(row).toMatchObject({
      text: null,
      objectives: [{ isMet: null }, { isMet: null }, { isMet: null }],
    });
  });
  it('carries its accounting: every outcome once', () => {
    const { accounting } = twoDays().report;
    expect(accounting.bad).toContain('http_5xx');
    expect(accounting.left_out).toContain('no_credit');
    expect(accounting.limited).toContain('limited_upstream');
  });
  it('is lines for a spreadsheet as well', () => {
    const { report } = twoDays();
    const [head, ...lines] = reportCsv(report);
    expect(head?.split(',').length).toBe(18);
    expect(lines.at(-1)).toBe(
      `2026-06-08,2026-06-09,openrouter,provider,anthropic,98.95,100,2880,30,1,30,2026-06-09,-27.2,-28.6,-29.8,99.5,false,openrouter`,
    );
    expect(lines.every((line) => line.split(',').length === 18)).toBe(true);
  });
});

describe('a provider that is asked in two ways', () => {
  // The gateway's route fails for 144 minutes of the day, the direct one never does.
  function oneDay() {
    const clock = { nowMs: monday };
    const store = openMemoryStore({ nowMs: () => clock.nowMs });
    const direct = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };
    store.looks.saveFleet([watched(), watched(direct)], monday);
    store.looks.advance(monday, () =>
      planOf({ components: [component(), component({ kind: 'provider', id: 'anthropic' })] }),
    );
    recordMinutes(store, monday, 1440, (minute) => (minute < 144 ? 'http_5xx' : 'ok'));
    recordMinutes(store, monday + 7, 1440, undefined, () => ({ target: direct }));
    clock.nowMs = monday + dayMs;
    const period = { fromMs: monday, toMs: monday + dayMs, convention: 'openrouter' as const };
    return slaReport(store, { ...period, published: { anthropic: 99.5 } });
  }
  it('has each way apart, and all together as everywhere else', () => {
    const [gateway, provider] = oneDay().rows;
    expect(gateway).toMatchObject({ id: 'openrouter', text: '90.00', through: ['openrouter'], ways: [] });
    expect(provider).toMatchObject({ text: '95.00', through: ['direct', 'openrouter'] });
    expect(provider?.ways).toMatchObject([
      { through: 'direct', routes: 1, text: '100', badS: 0 },
      { through: 'openrouter', routes: 1, text: '90.00', badS: 144 * 60 },
    ]);
  });
  it('is held to its promise by what was asked directly', () => {
    expect(oneDay().rows[1]?.published).toMatchObject({ percent: 99.5, isMet: true, through: 'direct' });
  });
  it('has a line for each in a spreadsheet', () => {
    const lines = reportCsv(oneDay()).map((line) => line.trimEnd().split(','));
    const figures = lines.filter((cells) => cells[4] === 'anthropic').map((cells) => [cells[17], cells[5]]);
    expect(figures).toEqual([
      ['direct openrouter', '95'],
      ['direct', '100'],
      ['openrouter', '90'],
    ]);
  });
  it('has a line for each on a terminal', () => {
    const text = reportLines(oneDay()).join('\n');
    expect(text).toMatch(/provider anthropic +95\.00 %.*99\.5 % kept directly/);
    expect(text).toMatch(/ {2}asked directly +100 %/);
    expect(text).toMatch(/ {2}asked through openrouter +90\.00 %/);
  });
});

describe('a route that was dropped from the configuration', () => {
  it('is in the report of the time in which it was watched, and of no other', () => {
    const { store, clock, query } = twoDays();
    const other = { ...haiku, provider: 'deepinfra', model: 'meta/llama' };
    store.looks.advance(clock.nowMs, () =>
      planOf({ components: [component({ kind: 'provider', id: 'deepinfra' })] }),
    );
    const from = clock.nowMs;
    recordMinutes(
      store,
      from,
      600,
      (minute) => (minute < 60 ? 'http_5xx' : 'ok'),
      () => ({ target: other }),
    );
    store.looks.saveFleet([], from + 600 * minuteMs);
    clock.nowMs = from + dayMs;
    const idsOf = (fromMs: number, toMs: number) =>
      slaReport(store, { ...query, fromMs, toMs }).rows.map((row) => `${row.kind}:${row.id} ${row.text}`);
    expect(idsOf(query.fromMs, query.toMs)).toContain('provider:anthropic 98.95');
    expect(idsOf(from, clock.nowMs)).toEqual(['gateway:openrouter 90.00', 'provider:deepinfra 90.00']);
    expect(idsOf(clock.nowMs, clock.nowMs + dayMs)).toEqual([]);
  });
});

it('a report of nothing is empty', () => {
  const store = openMemoryStore({ nowMs: () => monday });
  const report = slaReport(store, { fromMs: monday, toMs: monday + dayMs, convention: 'strict' });
  expect(report.rows).toEqual([]);
  expect(reportCsv(report)).toHaveLength(1);
});

describe('a component of several routes', () => {
  // Two routes of one provider for a day; one of them fails for 144 of its 1,440 minutes.
  function oneDay(options: { convention?: 'openrouter' | 'strict' | 'lenient'; outcome?: string } = {}) {
    const clock = { nowMs: monday };
    const store = openMemoryStore({ nowMs: () => clock.nowMs });
    const other = { ...haiku, model: 'anthropic/claude-sonnet-4.5' };
    store.looks.saveFleet([watched(), watched(other)], monday);
    store.looks.advance(monday, () =>
      planOf({ components: [component({ kind: 'provider', id: 'anthropic' })] }),
    );
    recordMinutes(store, monday, 1440, (minute) => (minute < 144 ? (options.outcome ?? 'http_5xx') : 'ok'));
    recordMinutes(store, monday + 7, 1440, undefined, () => ({ target: other }));
    clock.nowMs = monday + dayMs;
    const period = { fromMs: monday, toMs: monday + dayMs, convention: options.convention ?? 'openrouter' };
    return slaReport(store, { ...period, published: { anthropic: 95 } }).rows[0];
  }
  it('has its minutes once, not once for each route', () => {
    const row = oneDay();
    expect(row).toMatchObject({ routes: 2, text: '95.00', measuredS: 86_400, badS: 72 * 60 });
    expect(row?.worstDay).toEqual({ dayMs: monday, badS: 72 * 60, measuredS: 86_400 });
    expect(row?.objectives[0]?.budgetMinutes).toBeCloseTo(1.44, 9);
    expect(row?.objectives[0]?.leftMinutes).toBeCloseTo(1.44 - 72, 9);
  });
  it('has kept a promise whose budget it spent to the last second', () => {
    expect(oneDay()?.published).toMatchObject({ percent: 95, isMet: true });
    expect(oneDay()?.published?.leftMinutes).toBeCloseTo(0, 6);
  });
  it('counts a 429 as each convention does', () => {
    expect(oneDay({ outcome: 'limited_upstream' })).toMatchObject({ text: '100', coverage: 1 });
    expect(oneDay({ outcome: 'limited_upstream' })?.measuredS).toBe((1440 + 1296) * 30);
    expect(oneDay({ outcome: 'limited_upstream', convention: 'strict' })).toMatchObject({ text: '95.00' });
    expect(oneDay({ outcome: 'stalled', convention: 'lenient' })).toMatchObject({ text: '100' });
    expect(oneDay({ outcome: 'ok_slow', convention: 'strict' })).toMatchObject({ text: '100', badS: 0 });
  });
  it('leaves out what says nothing, and shows it in how much was measured', () => {
    const row = oneDay({ outcome: 'inconclusive' });
    expect(row).toMatchObject({ text: '99.99', badS: 0 });
    expect(row?.coverage).toBeCloseTo(0.95, 9);
  });
});
