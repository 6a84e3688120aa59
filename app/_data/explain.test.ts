import { describe, expect, it } from 'vitest';
import { explainError } from '#lib/ops/explain-error.ts';
import { pageContext } from '#lib/testing/page-context.ts';
import { allRules, explainView, rulePage } from './explain.ts';

const window = (byClass: Record<string, number>) => ({
  targetKey: 'completion|openrouter:groq:meta-llama~llama-3.3-70b-instruct',
  windowMs: 300_000,
  samples: 10,
  passive: 0,
  lastAtMs: null,
  ok: 4,
  byClass,
  firstTokenMs: null,
  totalMs: null,
  worstGapMs: null,
  tokensPerSecond: null,
});

describe('an error explained', () => {
  it('says nothing until something is asked', () => {
    expect(explainView(pageContext('calm'), {}, explainError).explained).toBeNull();
  });

  it('finds the row of the table and its permanent page', () => {
    const { explained } = explainView(pageContext('calm'), { answer: 'A2', status: '401' }, explainError);
    expect(explained?.path).toBe('/explain/401-user-not-found');
    expect(explained?.now.hits).toBe(0);
  });

  it('answers a status alone, and nothing for a row that does not exist', () => {
    expect(explainView(pageContext('calm'), { status: '502' }, explainError).explained?.rule).toBe('G3');
    expect(explainView(pageContext('calm'), { answer: '__proto__' }, explainError).explained).toBeNull();
    expect(explainView(pageContext('calm'), { status: '9000' }, explainError).explained).toBeNull();
  });

  it('says whether our own checks end the same way now, and where', () => {
    const ctx = pageContext('major', {
      scene: (s) => ({ ...s, facts: { ...s.facts, windows: [window({ unauthorized_doubtful: 6 })] } }),
    });
    const page = rulePage(ctx, '401-user-not-found');
    expect(page?.now).toMatchObject({ hits: 6, checks: 10 });
    expect(page?.now.places[0]?.name).toContain('Groq');
  });

  it('does not say it happens now on the word of an expired picture', () => {
    const ctx = pageContext('major', {
      nowMs: Date.UTC(2026, 10, 21, 9),
      scene: (s) => ({ ...s, facts: { ...s.facts, windows: [window({ unauthorized_doubtful: 6 })] } }),
    });
    expect(rulePage(ctx, '401-user-not-found')?.now.checks).toBe(0);
  });

  it('has a page for every row, and none for what is no row', () => {
    const ctx = pageContext('calm');
    for (const rule of allRules()) expect(rulePage(ctx, rule.slug)?.rule.id).toBe(rule.id);
    expect(rulePage(ctx, 'nonsense')).toBeNull();
  });
});
