import { describe, expect, it } from 'vitest';
import { overallSentence } from '../core/sentence.ts';
import { makeScene, sceneNames } from '../testing/scene.ts';
import { en } from './en.ts';
import { localPath } from './path.ts';
import { wordsFor } from './words.ts';
import { zh } from './zh.ts';

type Tree = { [key: string]: Tree | string | string[] | ((...args: never[]) => unknown) };

function leaves(tree: Tree, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && !Array.isArray(value)
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value]],
  );
}

const nowMs = Date.UTC(2026, 10, 21, 7, 33);

function overallOf(name: (typeof sceneNames)[number]) {
  const { facts, incidents } = makeScene(name, nowMs);
  return {
    components: facts.components,
    incidents: incidents.filter((i) => i.isPublic),
    nowMs,
    lastLookAtMs: nowMs - 9_000,
    isBlind: facts.guard.self === 'blind',
  };
}

describe('the word lists', () => {
  it('have the same places in every language, none of them empty', () => {
    const places = (tree: unknown): string[] => leaves(tree as Tree).map(([path]) => path);
    expect(places(zh)).toEqual(places(en));
    for (const [path, value] of [...leaves(en as Tree), ...leaves(zh as Tree)])
      expect(value, path).not.toBe('');
  });

  it('are Chinese where they should be', () => {
    const same = new Set(leaves(en as Tree).map(([path, value]) => `${path}=${String(value)}`));
    const untranslated = leaves(zh as Tree)
      .filter(([path, value]) => typeof value === 'string' && same.has(`${path}=${value}`))
      .map(([path]) => path);
    expect(untranslated.filter((path) => !/api|webhook|slack|atom|rss|p9[59]|utc|units/i.test(path))).toEqual(
      [],
    );
  });

  it('speak the sentence of every message in English', () => {
    for (const name of sceneNames)
      expect(en.answer.sentence(overallOf(name))).toBe(overallSentence(overallOf(name)));
  });

  it('answer the same question in Chinese', () => {
    expect(zh.answer.sentence(overallOf('major'))).toMatch(
      /^OpenRouter 发生故障：.*自 07:20 UTC 起，已持续 13 分钟。$/,
    );
    expect(zh.answer.sentence(overallOf('own-connection'))).toContain('我们自己的网络连接中断');
    expect(zh.answer.sentence(overallOf('calm'))).toBe('我们检测的一切均正常。');
    expect(zh.answer.sentence(overallOf('empty'))).toBe('尚未进行任何检测。');
  });

  it('fall back to English', () => {
    expect(wordsFor('xx').lang).toBe('en');
    expect(localPath('zh', '/')).toBe('/zh');
    expect(localPath('en', '/sla')).toBe('/sla');
    expect(localPath('zh', '/?watch=chat')).toBe('/zh?watch=chat');
    expect(localPath('zh', '/sla?convention=strict')).toBe('/zh/sla?convention=strict');
  });
});
