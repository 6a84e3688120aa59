import { describe, expect, it } from 'vitest';
import { pageContext } from '#lib/testing/page-context.ts';
import { adminTabs, adminView, tabOf } from './admin.ts';
import { apiGroups } from './api-reference.ts';
import { catalogView } from './catalog-page.ts';
import { compareView } from './compare.ts';
import { embedView } from './embed.ts';
import { methodView, publicNumbers } from './methodology.ts';
import { sitemapPaths } from './sitemap.ts';
import { reportView, slaView } from './sla.ts';
import { subscribeView } from './subscribe.ts';

const calm = () => pageContext('calm');

describe('the other pages', () => {
  it('compare every way to one model, the most widely served first', () => {
    const view = compareView(calm(), undefined);
    expect(view.model).toBe('anthropic/claude-haiku-4.5');
    expect(view.rows).toHaveLength(4);
    expect(view.rows.find((r) => r.provider === 'Anthropic')?.markup).toBe('1.00');
    // Whoever quotes a figure can quote its interval and what it rests on.
    const first = view.rows[0]?.firstTokenMs;
    expect(first?.n).toBeGreaterThan(100);
    expect(first?.low).toBeLessThanOrEqual(first?.value ?? 0);
    expect(first?.high).toBeGreaterThanOrEqual(first?.value ?? 0);
    expect(view.rows.map((r) => r.saved?.value ?? null)).toEqual([null, null, null, 0.82]);
    expect(view.rows[3]?.provider).toBe('');
    expect(compareView(calm(), 'nobody/knows').model).toBe('anthropic/claude-haiku-4.5');
  });

  it('count months by component', () => {
    const view = slaView(calm(), {});
    expect(view.months[0]).toBe('2026-11');
    expect(view.table.rows[0]?.key).toBe('gateway:openrouter');
    expect(view.history.find((row) => row.key === 'gateway:openrouter')?.months).toHaveLength(6);
  });

  it('hold a period against the objectives, in the component’s own minutes and never rounded in its favour', () => {
    const { table } = slaView(calm(), { month: '2026-10', convention: 'strict' });
    expect(table).toMatchObject({
      fromMs: Date.UTC(2026, 9, 1),
      toMs: Date.UTC(2026, 10, 1),
      convention: 'strict',
    });
    expect(table.percents).toEqual([99.9, 99.95, 99.99]);
    // 7,500,000 s over three places are 41,666.7 minutes each, 52.92 of them bad: 41.66 − 52.92.
    expect(table.rows[0]).toMatchObject({ share: '99.87', measured: '97', badMinutes: 53 });
    expect(table.rows[0]?.left[0]).toEqual({ percent: 99.9, isMet: false, minutes: '-11.3' });
    expect(table.csvPath).toBe('/api/v1/report?from=2026-10-01&to=2026-11-01&convention=strict&format=csv');
    expect(table.accounting.bad).toContain('limited_upstream');
  });

  it('show each way apart in which a provider was asked', () => {
    const target = { gateway: 'direct', provider: 'anthropic', model: 'claude-haiku-4-5' };
    const ctx = pageContext('calm', {
      scene: (scene) => {
        const { fleet } = scene.facts;
        return {
          ...scene,
          facts: {
            ...scene.facts,
            fleet: [...fleet, { ...fleet[0]!, key: 'd', probe: 'completion', target }],
          },
        };
      },
    });
    const { rows } = slaView(ctx, { month: '2026-10' }).table;
    const asked = rows.find((row) => row.key === 'provider:anthropic');
    expect(asked?.ways.map((way) => way.gateway)).toEqual([null, 'OpenRouter']);
    expect(rows.find((row) => row.key === 'gateway:openrouter')?.ways).toEqual([]);
  });

  it('take days as asked for, one component alone, and what makes no sense as the month that goes on', () => {
    const period = (ask: object) => {
      const { fromMs, toMs } = slaView(calm(), ask).table;
      return [new Date(fromMs).toISOString().slice(0, 10), new Date(toMs).toISOString().slice(0, 10)];
    };
    expect(period({ from: '2026-11-03', to: '2026-11-10' })).toEqual(['2026-11-03', '2026-11-10']);
    for (const odd of [
      { from: '2026-11-10', to: '2026-11-03' },
      { month: '2031-01' },
      { from: "';--" },
      { from: '1970-01-01' },
    ])
      expect(period(odd)).toEqual(['2026-11-01', '2026-12-01']);
    expect(slaView(calm(), { scope: 'gateway:openrouter' }).table.rows.map((row) => row.key)).toEqual([
      'gateway:openrouter',
    ]);
  });

  it('report on a month that has begun, and on no other', () => {
    expect(reportView(calm(), '2026-11', {})?.incidents.map((i) => i.id)).toEqual(['inc_past']);
    expect(reportView(calm(), '2027-01', {})).toBeNull();
    expect(reportView(calm(), '../etc', {})).toBeNull();
  });

  it('report the fee for credit always, and the numbers once they were written', () => {
    expect(reportView(calm(), '2026-11', {})).toMatchObject({
      numbers: null,
      writtenAtMs: null,
      creditFees: { openrouter: { card: 0.055, crypto: 0.05, leastUsd: 0.8 } },
    });
  });

  it('list changes of the catalogue even when there are none', () => {
    expect(catalogView(calm(), { kind: 'x', before: 'y' })).toMatchObject({
      rows: [],
      kind: null,
      nextBefore: null,
    });
  });

  it('say how everything is counted, from the table itself', () => {
    const view = methodView(calm());
    expect(view.counting.find((c) => c.class === 'limited_upstream')?.counts).toEqual({
      openrouter: 'limited',
      strict: 'bad',
      lenient: 'limited',
    });
    expect(view.numbers).toHaveLength(publicNumbers.length);
  });

  it('offer one email for an open incident only', () => {
    expect(subscribeView(pageContext('major'), { incident: 'inc_major' }).until?.title).toBe(
      'OpenRouter is down',
    );
    expect(subscribeView(pageContext('major'), { incident: 'inc_past' }).until).toBeNull();
    expect(
      subscribeView(calm(), { scope: 'provider:groq' })
        .choices.flatMap((c) => c.list)
        .filter((c) => c.isChosen),
    ).toHaveLength(1);
  });

  it('embed the answer for what is asked', () => {
    expect(embedView(pageContext('partial'), 'provider:deepinfra').answer.verdict).toBe('major_outage');
    expect(embedView(pageContext('partial'), 'provider:groq').answer.verdict).toBe('operational');
    expect(embedView(pageContext('partial'), 'provider:deepinfra').names).toEqual(['DeepInfra']);
    expect(embedView(pageContext('empty'), undefined).isEmpty).toBe(true);
  });

  it('are all in the sitemap once', () => {
    const paths = sitemapPaths(calm());
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('/models/openai~gpt-5-nano');
    expect(paths.some((p) => p.startsWith('/admin'))).toBe(false);
  });

  it('have an admin view for every tab', () => {
    for (const tab of adminTabs) expect(adminView(calm(), tab, null).tab).toBe(tab);
    expect(tabOf(undefined)).toBe('incidents');
    expect(tabOf(['nope'])).toBeNull();
  });

  it('read an API description of any shape', () => {
    expect(apiGroups(null)).toEqual([]);
    expect(
      apiGroups({ paths: { '/x': { get: { parameters: [null, { name: 'a' }] }, post: 7 } } }),
    ).toMatchObject([
      {
        tag: 'api',
        operations: [{ method: 'GET', path: '/x', isTryable: true, parameters: [{ name: 'a' }] }],
      },
    ]);
  });
});
