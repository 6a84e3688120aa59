import type { RouteState } from '#lib/core/plan.ts';
import type { Handler } from '../guard.ts';
import { text } from '../reply.ts';
import { routeOf } from './target.ts';

/** 503 is for load balancers: out of rotation. What is not known, and the last resort of a model, stays in. */
export function isOut(route: Pick<RouteState, 'circuit' | 'advice'> | null): boolean {
  return route !== null && route.circuit.state !== 'closed' && route.advice.action !== 'last_resort';
}

/** `GET /probe/{id}?pool=a,b`: a status code, and a word for people. */
export const probe: Handler = ({ edge, parts, parameters }) => {
  const id = parts.id ?? '';
  const route = routeOf(edge, id);
  const pool = parameters.get('pool')?.split(',') ?? [];
  const isPoolOut = pool.length > 0 && [id, ...pool].every((one) => isOut(routeOf(edge, one)));
  const isServing = !isOut(route) || isPoolOut;
  const word = !route ? 'unknown' : isPoolOut ? 'last of its pool' : route.circuit.state;
  return text(`${word}\n`, { 'cache-control': 'no-store' }, isServing ? 200 : 503);
};
