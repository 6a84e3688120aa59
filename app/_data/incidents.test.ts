import { describe, expect, it } from 'vitest';
import { pageContext } from '#lib/testing/page-context.ts';
import { incidentsView } from './incident-list.ts';
import { documentedOutage, incidentPage } from './incident-page.ts';

describe('incidents', () => {
  it('are listed open ones first, apart from those that others documented', () => {
    const view = incidentsView(pageContext('major'), {});
    expect(view.open.map((i) => i.id)).toEqual(['inc_major']);
    expect(view.past.map((i) => i.id)).toEqual(['inc_past']);
    expect(view.documented).toHaveLength(3);
    expect(view.past.some((i) => i.id.startsWith('openrouter-'))).toBe(false);
  });

  it('stand in a calendar whose months begin on a Monday', () => {
    const { months } = incidentsView(pageContext('major'), {});
    const november = months[0];
    expect(november?.id).toBe('2026-11');
    expect(november?.offset).toBe(6);
    expect(november?.days.find((d) => d.day === 21)?.worst).toBe('major_outage');
    expect(november?.days.find((d) => d.day === 22)?.isFuture).toBe(true);
  });

  it('of a month that is not one are simply all', () => {
    expect(incidentsView(pageContext('calm'), { month: '2026-13' }).month).toBeNull();
    expect(incidentsView(pageContext('calm'), { month: '2026-10' }).past).toEqual([]);
  });

  it('show their evidence and what hit whom', () => {
    const page = incidentPage(pageContext('partial'), 'inc_part');
    expect(page?.cause).toEqual({ name: 'DeepInfra', path: '/providers/deepinfra' });
    expect(page?.witnesses.map((w) => w.leadMinutes)).toEqual([null, 3]);
    expect(page?.working[0]?.path).toBe('/routes/openrouter:groq:meta-llama~llama-3.3-70b-instruct');
    expect(page?.noticedAfterMs).toBe(74_000);
  });

  it('that are not public have no page', () => {
    expect(incidentPage(pageContext('own-connection'), 'inc_own')).toBeNull();
    expect(incidentPage(pageContext('calm'), 'nope')).toBeNull();
  });

  it('that were documented elsewhere keep their marks', () => {
    expect(documentedOutage('openrouter-2025-08-28')?.isExact).toBe(false);
    expect(documentedOutage('openrouter-2026-02-17')?.minutes).toBe(38);
  });
});
