import { describe, expect, it } from 'vitest';
import { ruleOfSlug, ruleText, ruleTexts } from './explain-rules.ts';
import { edgeRows, errorRows } from './outcome-errors.ts';

describe('the explanations', () => {
  it('cover every row of the decision table, so that every error has a page', () => {
    const missing = [...edgeRows, ...errorRows].map(({ id }) => id).filter((id) => ruleText(id) === null);
    expect(missing).toEqual([]);
  });

  it('have one permanent address each', () => {
    const slugs = Object.values(ruleTexts).map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9-]+$/);
  });

  it('name a class that the row can have', () => {
    for (const row of [...edgeRows, ...errorRows])
      expect(ruleText(row.id)?.classes, `${row.id} ${row.why}`).toContain(row.class);
  });

  it('find the row of an address, and none for a foreign one', () => {
    expect(ruleOfSlug('401-user-not-found')).toBe('A2');
    expect(ruleOfSlug('__proto__')).toBeNull();
    expect(ruleText('constructor')).toBeNull();
  });
});
