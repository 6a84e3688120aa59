import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankObservation } from '#lib/core/observation.ts';
import { emptyPlan } from '#lib/core/plan.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

let edge: EdgeUnderTest;
const minuteMs = 60_000;

/** An hour of one route until now; ten of its minutes failed. */
beforeAll(async () => {
  edge = await startEdge({ config: { page: { hide: ['provider:groq'] } } });
  const route = edge.scene.facts.fleet.find(
    (w) => w.probe === 'completion' && w.target.provider === 'anthropic',
  );
  if (!route) throw new Error('the scene has no such route');
  const from = Math.floor(edge.nowMs() / minuteMs) * minuteMs - 60 * minuteMs;
  for (let minute = 0; minute < 60; minute++)
    edge.store.looks.record(
      [
        {
          observation: blankObservation({
            atMs: from + minute * minuteMs,
            vantage: 'local',
            probe: 'completion',
            target: route.target,
          }),
          found: [],
        },
      ],
      () => ({
        outcome: minute < 10 ? 'http_5xx' : 'ok',
        plan: emptyPlan,
        slot: { ms: minuteMs, countsS: 60 },
      }),
    );
});
afterAll(() => edge.stop());

const ask = (query: string) => fetch(`${edge.url}/api/v1/report${query}`);
const thisMonth = () => new Date(edge.nowMs()).toISOString().slice(0, 7);
interface Row {
  through: string[];
  ways: object[];
  kind: string;
  id: string;
  bad_s: number;
  objectives: { percent: number; met: boolean | null; left_minutes: number }[];
}
const rowsOf = async (query: string) => ((await (await ask(query)).json()) as { rows: Row[] }).rows;

describe('GET /api/v1/report', () => {
  it('is the report of the last thirty days, whole days, with its accounting', async () => {
    const answer = (await (await ask('')).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ convention: 'openrouter', numbers: null });
    expect(String(answer.from)).toMatch(/T00:00:00/);
    expect(answer.accounting).toMatchObject({ limited: ['limited_upstream', 'limited_shared'] });
    expect(answer.credit_fees).toEqual([
      { gateway: 'openrouter', card: 0.055, crypto: 0.05, least_usd: 0.8 },
    ]);
  });
  it('has the minutes that are left, and nothing the owner hides', async () => {
    const rows = await rowsOf(`?month=${thisMonth()}`);
    const row = rows.find((one) => one.kind === 'provider' && one.id === 'anthropic');
    expect(row?.bad_s).toBeGreaterThan(0);
    expect(row?.objectives.map((one) => one.percent)).toEqual([99.9, 99.95, 99.99]);
    expect(row?.objectives.every((one) => one.left_minutes < 0)).toBe(true);
    expect(rows.filter((one) => one.id.includes('groq'))).toEqual([]);
    expect(row?.through).toEqual(['openrouter']);
    expect(row?.ways).toEqual([]);
  });
  it('is a file for spreadsheets as well', async () => {
    const answer = await ask(`?month=${thisMonth()}&format=csv&convention=strict`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain(`signalbox-strict-${thisMonth()}-01`);
    const lines = (await answer.text()).split('\r\n');
    expect(lines[0]).toContain('minutes_left_of_99.95');
    expect(lines.some((line) => line.includes(',strict,provider,anthropic,'))).toBe(true);
  });
  it('has the numbers of a month once the worker wrote them', async () => {
    const numbers = {
      fromMs: 0,
      overhead: [
        {
          gateway: 'openrouter',
          provider: 'anthropic',
          model: 'm',
          headersMs: { value: 25, low: 20, high: 31, n: 900 },
          firstTokenMs: null,
        },
      ],
      failover: [],
      lag: [{ page: 'openrouter', incidents: 2, silent: 1, lagMs: null, lagsMs: [90_000] }],
      markup: [],
    };
    edge.store.upkeep.note(
      `report.${thisMonth()}`,
      JSON.stringify({ v: 1, month: thisMonth(), writtenAtMs: 1, isFinal: false, byConvention: {}, numbers }),
    );
    const answer = await (await ask(`?month=${thisMonth()}&convention=lenient`)).json();
    expect(answer).toMatchObject({
      numbers: {
        overhead: [{ headers_ms: { value: 25, low: 20, high: 31, n: 900 }, first_token_ms: null }],
        lag: [{ page: 'openrouter', incidents: 2, silent: 1, lags_minutes: [1.5] }],
      },
    });
  });
  it.each([
    '?month=2026-13',
    '?month=3026-01',
    '?month=2026-01&from=2026-01-01',
    '?format=pdf',
    '?convention=mine',
    '?from=2020-01-01&to=2026-01-01',
    '?from=x',
  ])('refuses %s by name', async (query) => {
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});
