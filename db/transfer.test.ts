import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faults, noTiming, type Observation, phases, whys } from '../lib/core/observation.ts';
import { outcomeClasses } from '../lib/core/outcome-words.ts';
import { dataFolders } from './contract/folder.contract.ts';
import {
  dayMs,
  haikuKey,
  hourMs,
  incident,
  look,
  monday,
  recordAll,
  watched,
} from './contract/samples.contract.ts';
import { exportCsv, exportDays, exportIncidents, exportLooks, importLines, openMemoryStore } from './open.ts';

const folder = dataFolders();
const all = { fromMs: monday, toMs: monday + 2 * dayMs };
const judge = () => 'unknown_error';

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
// An empty text on the wire is none.
const text = fc.string({ minLength: 1, maxLength: 40 });
const ms = orNull(fc.integer({ min: 0, max: 3_000_000 }).map((tenths) => tenths / 10));
const observations: fc.Arbitrary<Observation> = fc
  .record({
    atMs: fc.integer({ min: monday, max: monday + dayMs }),
    vantage: fc.constantFrom('local', 'fra'),
    reached: fc.constantFrom(...phases),
    fault: orNull(fc.constantFrom(...faults)),
    status: orNull(fc.integer({ min: 100, max: 599 })),
    why: fc.constantFrom(...whys),
    keyed: fc.boolean(),
    family: orNull(fc.constantFrom(4 as const, 6 as const)),
    endpoint: orNull(fc.string({ minLength: 1, maxLength: 20 })),
    retryAfterMs: orNull(fc.nat(600_000)),
    slot: orNull(fc.nat(40_000_000)),
    stallMs: fc.nat(500),
    tainted: fc.boolean(),
    costUsd: orNull(fc.nat(2_000_000).map((nano) => nano / 1e9)),
    error: orNull(
      fc.record({
        code: orNull(text),
        type: orNull(text),
        message: orNull(text),
        provider: orNull(text),
        limit: orNull(text),
        attempt: orNull(fc.nat(5)),
        body: orNull(fc.constantFrom('json' as const, 'html' as const, 'text' as const, 'empty' as const)),
        inBand: fc.boolean(),
      }),
    ),
    output: orNull(
      fc.record({
        tokens: orNull(fc.nat(10_000)),
        reasoningTokens: orNull(fc.nat(10_000)),
        finish: orNull(text),
        done: fc.boolean(),
        answer: orNull(fc.constantFrom('match' as const, 'mismatch' as const, 'empty' as const)),
      }),
    ),
    timing: fc.record({
      dnsMs: ms,
      connectMs: ms,
      tlsMs: ms,
      headersMs: ms,
      firstByteMs: ms,
      firstReasoningMs: ms,
      firstTokenMs: ms,
      worstGapMs: ms,
      totalMs: ms,
    }),
    served: orNull(fc.record({ provider: orNull(text), model: orNull(text) })),
    edge: orNull(fc.record({ cache: orNull(text), ageS: orNull(fc.nat(999)), site: orNull(text) })),
    account: orNull(
      fc.record({
        valid: orNull(fc.boolean()),
        limitRemainingUsd: orNull(fc.nat(9999).map((cents) => cents / 100)),
        isFreeTier: orNull(fc.boolean()),
      }),
    ),
  })
  .map((facts) => look(facts.atMs, facts));

describe('looks', () => {
  it('are stored and given back exactly as they were seen', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom(...outcomeClasses), (observation, outcome) => {
        const store = openMemoryStore({ nowMs: () => monday });
        recordAll(store, [observation], outcome);
        expect(store.looks.last(haikuKey, 1)[0]).toMatchObject({ observation, outcome });
        store.close();
      }),
      { numRuns: 150 },
    );
  });
  it('go out, come in elsewhere and go out again as the same bytes', async () => {
    const from = openMemoryStore({ nowMs: () => monday });
    from.looks.saveFleet([watched(undefined, { everyMs: 15 * 60_000 })], monday);
    for (const observation of fc.sample(observations, 120)) recordAll(from, [observation], 'http_5xx');
    const first = [...exportLooks(from, all)];
    const to = openMemoryStore({ nowMs: () => monday });
    expect(await importLines(to, first, judge)).toMatchObject({
      looks: first.length,
      repeated: 0,
      refused: [],
    });
    expect([...exportLooks(to, all)]).toEqual(first);
    const figures = (store: typeof to) =>
      store.history.availability({ ...all, targetKeys: [haikuKey], convention: 'strict' });
    expect(figures(to).measuredS).toBe(figures(from).measuredS);
    expect(await importLines(to, first, judge)).toMatchObject({ looks: 0, repeated: first.length });
  });
  it('are judged where nobody has, and refused by line where they cannot be read', async () => {
    const store = openMemoryStore({ nowMs: () => monday });
    const [line] = exportLooks(storeWith(look(monday)), all);
    const { outcome, ...bare } = JSON.parse(line ?? '{}') as Record<string, unknown>;
    expect(outcome).toBe('ok');
    const done = await importLines(store, ['{', '', JSON.stringify(bare), '{"v":1,"at":"x"}'], judge);
    expect(done).toMatchObject({ looks: 1, refused: [{ line: 1 }, { line: 4 }] });
    expect(store.looks.last(haikuKey, 1)[0]?.outcome).toBe('unknown_error');
  });
});

function storeWith(...looks: Observation[]) {
  const store = openMemoryStore({ nowMs: () => monday });
  recordAll(store, looks);
  return store;
}

it('incidents go out oldest first and come in once', async () => {
  const from = openMemoryStore({ nowMs: () => monday });
  const list = Array.from({ length: 5 }, (_, i) => incident({ id: `i${i}`, startedAtMs: monday + i }));
  for (const one of list) from.incidents.add(one, []);
  const lines = [...exportIncidents(from, all)];
  expect(lines.map((line) => JSON.parse(line).incident)).toEqual(list);
  const to = openMemoryStore({ nowMs: () => monday });
  expect(await importLines(to, lines, judge)).toMatchObject({ incidents: 5 });
  expect(await importLines(to, lines, judge)).toMatchObject({ incidents: 0 });
  expect([...exportIncidents(to, all)]).toEqual(lines);
  expect((await importLines(to, ['{"kind":"incident","incident":{"id":7}}'], judge)).refused).toHaveLength(1);
});

it('CSV has a line of names and one a look', () => {
  const store = storeWith(
    look(monday, {
      error: {
        code: null,
        type: null,
        message: '=cmd|"x"',
        provider: null,
        limit: null,
        attempt: null,
        body: null,
        inBand: false,
      },
      timing: noTiming,
    }),
  );
  const [head, line] = exportCsv(store, all);
  expect(head?.split(',').slice(0, 3)).toEqual(['at', 'vantage', 'probe']);
  expect(line).toContain('2026-06-08T00:00:00.000Z,local,completion,openrouter,anthropic');
  expect(line).toContain(`"'=cmd|""x"""`);
});

it('daily files are one a UTC day, whole', () => {
  const at = folder();
  const store = storeWith(look(monday), look(monday + 25 * hourMs));
  const paths = exportDays(store, join(at.path, 'out'), { ...all, format: 'ndjson' });
  expect(readdirSync(join(at.path, 'out'))).toEqual(['2026-06-08.ndjson', '2026-06-09.ndjson']);
  expect(paths.map((path) => readFileSync(path, 'utf8').trim().split('\n').length)).toEqual([1, 1]);
});
