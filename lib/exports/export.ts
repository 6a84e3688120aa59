import type { RoutingTarget } from '../core/feed-routing.ts';

/** One published picture and one router's question about it. */
export interface ExportAsk {
  epoch: string;
  seq: number;
  generatedAt: string;
  validUntil: string;
  /** False once the feed has expired: then there is no opinion, and nobody is excluded. */
  hasOpinion: boolean;
  targets: RoutingTarget[];
  /** The first is wanted, the rest are acceptable fallbacks in order. */
  models: string[];
  mode: 'exclude' | 'order';
  /** So many targets per model are never excluded. */
  keep: number;
  /** The reader's own list, in its order: target ids. */
  ids: string[];
  /** Where the reader reaches a target: `id@address:port`. */
  endpoints: { id: string; host: string; port: number }[];
  cluster: string;
  /** Why a circuit is open, by target id. */
  reasons: ReadonlyMap<string, string>;
}

export interface Exported {
  type: string;
  body: string;
}

/** A router's format is one function of this type in this folder, and one line in the table. */
export type Export = (ask: ExportAsk) => Exported;

export function asJson(value: unknown): Exported {
  return { type: 'application/json', body: JSON.stringify(value) };
}

/** Out of rotation, and not the last resort of its model. */
export function isAvoided({ advice }: Pick<RoutingTarget, 'advice'>): boolean {
  return advice.action === 'avoid';
}

/** Whether ordinary traffic may go there. */
export function isServing({ circuit }: Pick<RoutingTarget, 'circuit'>): boolean {
  return circuit.state !== 'open';
}

const goodness: Record<RoutingTarget['advice']['action'], number> = {
  use: 0,
  prefer_not: 1,
  probe: 2,
  last_resort: 3,
  avoid: 4,
};

export function byGoodness(a: RoutingTarget, b: RoutingTarget): number {
  const action = goodness[a.advice.action] - goodness[b.advice.action];
  return action || b.advice.weight - a.advice.weight || (a.id < b.id ? -1 : 1);
}

/** Who is to be left out of one pool: those to be avoided, but never so many that fewer than `keep` stay. */
export function excludedOf(
  pool: RoutingTarget[],
  ask: Pick<ExportAsk, 'keep' | 'hasOpinion'>,
): RoutingTarget[] {
  if (!ask.hasOpinion) return [];
  const most = Math.max(0, pool.length - Math.max(1, ask.keep));
  const worstFirst = pool.filter(isAvoided).sort((a, b) => byGoodness(b, a));
  return worstFirst.slice(0, most);
}
