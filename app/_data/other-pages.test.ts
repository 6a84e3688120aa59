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
    expect(compareView(calm(), 'nobody/knows').model).toBe('anthropic/claude-haiku-4.5');
  });

  it('count months by component', () => {
    const view = slaView(calm(), {});
    expect(view.months[0]).toBe('2026-11');
    expect(view.rows[0]?.kind).toBe('gateway');
  });

  it('report on a month that has begun, and on no other', () => {
    expect(reportView(calm(), '2026-11', {})?.incidents.map((i) => i.id)).toEqual(['inc_past']);
    expect(reportView(calm(), '2027-01', {})).toBeNull();
    expect(reportView(calm(), '../etc', {})).toBeNull();
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
