import { describe, expect, it } from 'vitest';
import { overallSentence } from '#lib/core/sentence.ts';
import { pageContext, sceneNowMs } from '#lib/testing/page-context.ts';
import { sceneNames } from '#lib/testing/scene.ts';
import { en } from '#lib/words/en.ts';
import { zh } from '#lib/words/zh.ts';
import { overviewView } from './overview.ts';

describe('the overview', () => {
  it('answers a gateway outage in its first sentence, with the verdict beside it', () => {
    const { answer, open } = overviewView(pageContext('major'));
    expect(answer.verdict).toBe('major_outage');
    expect(overallSentence(answer.overall)).toMatch(/^OpenRouter is down: .* Since 07:20 UTC/);
    expect(open.map((i) => i.id)).toEqual(['inc_major']);
  });

  // Seen red while only the incident's own row could say whose it is.
  it('says of everything seen only through a broken gateway that nothing is known, and because of what', () => {
    const rows = overviewView(pageContext('major')).groups.flatMap((g) => g.rows);
    const anthropic = rows.find((row) => row.key === 'provider:anthropic');
    expect(anthropic).toMatchObject({ verdict: 'unknown', because: 'OpenRouter', isTold: true });
    expect(rows.find((row) => row.key === 'gateway:openrouter')?.because).toBeNull();
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
    expect(en.watch.sentence(spared.answer.watched ?? [])).toBe('chat and gpt-5-nano work.');
    expect(zh.watch.sentence(spared.answer.watched ?? [])).toBe('chat、gpt-5-nano 正常。');
  });

  it('gives the same link a feed of exactly what is watched', () => {
    const feedOf = (watch: string) => overviewView(pageContext('partial'), { watch }).watch?.feedPath ?? '';
    expect(feedOf('gpt-5-nano')).toContain('model=openai%2Fgpt-5-nano');
    const both = decodeURIComponent(feedOf('chat,gpt-5-nano'));
    expect(both.split('target=')[1]?.split(',')).toEqual(
      expect.arrayContaining([
        'openrouter:anthropic:anthropic~claude-haiku-4.5',
        'openrouter:azure:openai~gpt-5-nano',
      ]),
    );
    expect(both).not.toContain('deepinfra');
  });

  it('never calls fine what is watched and is not, and says what it is', () => {
    const answer = (verdict: 'degraded' | 'unknown') => {
      const ctx = pageContext('calm', {
        scene: (scene) => ({
          ...scene,
          facts: {
            ...scene.facts,
            components: scene.facts.components.map((c) =>
              c.kind === 'chain' ? { ...c, verdict, reason: 'its first step is slow' } : c,
            ),
          },
        }),
      });
      return overviewView(ctx, { watch: 'gpt-5-nano,chat' }).answer;
    };
    expect(answer('degraded').verdict).toBe('degraded');
    expect(en.watch.sentence(answer('degraded').watched ?? [])).toBe(
      'chat: degraded, its first step is slow. gpt-5-nano works.',
    );
    expect(answer('unknown').verdict).toBe('unknown');
    expect(overviewView(pageContext('calm'), { watch: 'nobody' }).answer.verdict).toBe('unknown');
    expect(en.watch.sentence([])).toContain('Nothing of what you ask for');
  });

  it('never shows what only the administrator may see', () => {
    for (const name of sceneNames) {
      const text = JSON.stringify(overviewView(pageContext(name)));
      expect(/limitRemaining|keyName|inc_own/.exec(text)).toBeNull();
    }
  });
});
