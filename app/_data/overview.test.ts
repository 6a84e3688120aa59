import { describe, expect, it } from 'vitest';
import { overallSentence } from '#lib/core/sentence.ts';
import { pageContext, sceneNowMs } from '#lib/testing/page-context.ts';
import { sceneNames } from '#lib/testing/scene.ts';
import { overviewView } from './overview.ts';

describe('the overview', () => {
  it('answers a gateway outage in its first sentence, with the verdict beside it', () => {
    const { answer, open } = overviewView(pageContext('major'));
    expect(answer.verdict).toBe('major_outage');
    expect(overallSentence(answer.overall)).toMatch(/^OpenRouter is down: .* Since 07:20 UTC/);
    expect(open.map((i) => i.id)).toEqual(['inc_major']);
  });

  it('is calm when nothing is open', () => {
    const { answer, open } = overviewView(pageContext('calm'));
    expect(answer.verdict).toBe('operational');
    expect(open).toEqual([]);
  });

  it('knows nothing any more once the heartbeat is older than its life', () => {
    const view = overviewView(pageContext('calm', { nowMs: sceneNowMs + 120_000 }));
    expect(view.freshness).toBe('stopped');
    expect(view.answer.verdict).toBe('unknown');
    expect(view.groups.flatMap((g) => g.rows).every((row) => row.verdict === 'unknown')).toBe(true);
    expect(view.matrix.rows.flatMap((r) => r.cells).every((c) => c === null || c.verdict === 'unknown')).toBe(
      true,
    );
    expect(view.gateways[0]?.official?.verdict).toBe('unknown');
  });

  it('judges nobody while our own connection is down', () => {
    const { answer, open } = overviewView(pageContext('own-connection'));
    expect(answer.verdict).toBe('unknown');
    expect(overallSentence(answer.overall)).toContain('Our own connection is down');
    expect(open).toEqual([]);
    expect(overviewView(pageContext('own-connection')).gateways[0]?.official?.verdict).toBe('unknown');
  });

  it('fills the matrix from what OpenRouter reports when there is no key, and says so', () => {
    const { matrix, hasRoutes, cost } = overviewView(pageContext('no-key'));
    expect(hasRoutes).toBe(false);
    expect(matrix.source).toBe('reported');
    expect(matrix.rows.find((r) => r.id === 'novita')?.cells.find((c) => c !== null)?.verdict).toBe(
      'degraded',
    );
    expect(cost.todayUsd).toBe(0);
  });

  it('has an answer and no row before anything was checked', () => {
    const view = overviewView(pageContext('empty'));
    expect(view.freshness).toBe('never');
    expect(view.groups.flatMap((g) => g.rows)).toEqual([]);
    expect(view.matrix.rows).toEqual([]);
  });

  it('leaves out what the owner hides, in every part', () => {
    const view = overviewView(pageContext('partial', { hide: ['provider:deepinfra'] }));
    expect(view.open).toEqual([]);
    expect(view.groups.flatMap((g) => g.rows).some((r) => r.key === 'provider:deepinfra')).toBe(false);
    expect(view.matrix.rows.some((r) => r.id === 'deepinfra')).toBe(false);
  });

  it('narrows the answer to the models and chains of a watch list', () => {
    const hit = overviewView(pageContext('partial'), { watch: 'deepinfra' });
    expect(hit.answer.verdict).toBe('major_outage');
    const spared = overviewView(pageContext('partial'), { watch: 'chat,gpt-5-nano,nobody-knows' });
    expect(spared.answer.verdict).toBe('operational');
    expect(spared.open).toEqual([]);
    expect(spared.watch?.missing).toEqual(['nobody-knows']);
    expect(spared.watch?.feedPath).toContain('model=openai%2Fgpt-5-nano');
  });

  it('never shows what only the administrator may see', () => {
    for (const name of sceneNames) {
      const text = JSON.stringify(overviewView(pageContext(name)));
      expect(/limitRemaining|keyName|inc_own/.exec(text)).toBeNull();
    }
  });
});
