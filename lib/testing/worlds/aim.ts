import type { Observation } from '#lib/core/observation.ts';
import type { Scope } from '#lib/core/plan.ts';
import { models } from './fleet.ts';

/** Which looks a fault hits. */
export type Hits = (o: Observation) => boolean;

export const isCall: Hits = (o) => o.probe === 'completion';
export const viaGateway: Hits = (o) => isCall(o) && o.target.gateway === 'openrouter';
/** Everything the gateway answers itself: calls, key checks and lists. */
export const allOfGateway: Hits = (o) => o.target.gateway === 'openrouter' && o.probe !== 'official';
export const keyedAtGateway: Hits = (o) => allOfGateway(o) && o.keyed;
export const lists: Hits = (o) => o.probe === 'catalog';
export const everything: Hits = () => true;

export function ofProvider(id: string): Hits {
  return (o) => isCall(o) && o.target.provider === id;
}
export function throughGateway(id: string): Hits {
  return (o) => viaGateway(o) && o.target.provider === id;
}
export function ofModel(index: number): Hits {
  const full = models[index]!;
  const bare = full.split('/')[1]!;
  return (o) => isCall(o) && (o.target.model === full || o.target.model === bare);
}
export function ofRoute(provider: string, index: number): Hits {
  return (o) => throughGateway(provider)(o) && o.target.model === models[index];
}
export function seenFrom(vantage: string, hits: Hits): Hits {
  return (o) => o.vantage === vantage && hits(o);
}

export const gateway: Scope = { kind: 'gateway', id: 'openrouter' };
export const provider = (id: string): Scope => ({ kind: 'provider', id });
export const model = (index: number): Scope => ({ kind: 'model', id: models[index]! });
export const route = (id: string, index: number): Scope => ({
  kind: 'route',
  id: `openrouter/${id}/${models[index]}`,
});
export const account: Scope = { kind: 'account', id: 'openrouter' };
export const prober = (id = 'local'): Scope => ({ kind: 'prober', id });
