import { windowNames } from '#lib/core/feed-query.ts';
import type { ParameterRules } from './parameters.ts';

/** What the edge knows of a page: the parameters that make another page of it, and whether it names Next's scripts for later. */
export interface PageLine {
  query: ParameterRules;
  isHydrated?: boolean;
  /** Embeds may stand in other sites' frames. */
  isEmbed?: boolean;
}

const convention = {
  kind: 'one',
  values: ['openrouter', 'strict', 'lenient'],
  about: 'how failures are counted',
} as const;
const range = {
  kind: 'one',
  values: [...windowNames, '6h', '7d', '30d', '90d', '1y', '2y'],
  about: 'how far back',
} as const;
const token = { kind: 'text', max: 200, about: 'a token from a message' } as const;
const search = { kind: 'text', max: 200, about: 'what is looked for' } as const;
const before = { kind: 'text', max: 40, about: 'where the next page begins' } as const;
const figures = { convention, range, window: range, route: search } as const;

/** Most specific first. A path that fits no line has no parameters; Next decides whether there is a page. */
export const pageLines = {
  '/': {
    query: { convention, watch: { kind: 'text', max: 600, about: 'models or chains the answer is about' } },
  },
  '/embed/**': {
    query: { theme: { kind: 'one', values: ['light', 'dark', 'auto'], about: 'colours' }, scope: search },
    isEmbed: true,
  },
  '/incidents': { query: { before, kind: search, scope: search, month: search } },
  '/explain': { query: { answer: search, status: search, code: search, provider: search } },
  '/compare': { query: { ...figures, models: search, routes: search, a: search, b: search } },
  '/models/**': { query: figures, isHydrated: true },
  '/providers/**': { query: figures, isHydrated: true },
  '/gateways/**': { query: figures, isHydrated: true },
  '/routes/**': { query: figures, isHydrated: true },
  '/chains/**': { query: figures, isHydrated: true },
  '/sla': { query: { ...figures, scope: search, month: search, from: search, to: search } },
  '/reports/**': { query: { convention } },
  '/catalog': { query: { before, kind: search, model: search } },
  '/subscribe/**': { query: { scope: search, token, sent: search, error: search } },
  '/subscribe': { query: { scope: search, incident: search, sent: search, error: search } },
  '/manage': { query: { token, done: search, error: search } },
  '/confirm': { query: { token, done: search, error: search } },
  '/unsubscribe': { query: { token, done: search, error: search } },
} as const satisfies Record<`/${string}`, PageLine>;

const lines = Object.entries(pageLines as Record<string, PageLine>);

export function pageLine(asked: string): PageLine {
  const path = asked.replace(/^\/(?:en|zh)(?=\/|$)/, '') || '/';
  const exact = lines.find(([pattern]) => pattern === path);
  if (exact) return exact[1];
  const under = lines.find(([pattern]) => pattern.endsWith('/**') && path.startsWith(pattern.slice(0, -2)));
  return under?.[1] ?? { query: {} };
}
