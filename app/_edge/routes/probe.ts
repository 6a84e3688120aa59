import type { RouteState } from '#lib/core/plan.ts';
import { targetId } from '#lib/core/target.ts';
import type { Edge } from '../edge.ts';
import type { Handler } from '../guard.ts';
import { text } from '../reply.ts';
import { routeOf } from './target.ts';

/** 503 is for load balancers: out of rotation. What is not known, and the last resort of a model, stays in. */
export function isOut(route: Pick<RouteState, 'circuit' | 'advice'> | null): boolean {
  return route !== null && route.circuit.state !== 'closed' && route.advice.action !== 'last_resort';
}

/** `GET /probe/{id}?pool=a,b`: a status code, and a word for people. The id is a target's or a chain's. */
export const probe: Handler = ({ edge, parts, parameters }) => {
  const asked = standing(edge, parts.id ?? '');
  const pool = parameters.get('pool')?.split(',').filter(Boolean) ?? [];
  const isPoolOut = asked.isOut && pool.length > 0 && pool.every((one) => standing(edge, one).isOut);
  const word = isPoolOut ? 'last of its pool' : asked.word;
  return text(`${word}\n`, { 'cache-control': 'no-store' }, asked.isOut && !isPoolOut ? 503 : 200);
};

function standing(edge: Edge, id: string): { isOut: boolean; word: string } {
  const route = routeOf(edge, id);
  if (route) return { isOut: isOut(route), word: route.circuit.state };
  const steps = chainOf(edge, id);
  if (!steps) return { isOut: false, word: 'unknown' };
  const step = steps.findIndex((one) => !isOut(routeOf(edge, one)));
  return { isOut: step < 0, word: step < 0 ? 'no step left' : `step ${step + 1} of ${steps.length}` };
}

/** A chain is out when every step is; a step nobody watches is unknown, and so it is in. */
function chainOf(edge: Edge, id: string): string[] | null {
  const wanted = id.toLowerCase().replace(/^chain:/, '');
  const chain = edge.live.facts().chains.find((one) => one.id.toLowerCase() === wanted);
  return chain && chain.steps.length > 0 ? chain.steps.map(targetId) : null;
}
