import type { RouteState } from '../core/plan.ts';
import { targetId } from '../core/target.ts';
import type { Store } from '../store.ts';

/** So many routes as the worker would have published them, out of one that is there. */
export function manyRoutes(store: Store, count: number, nowMs: number): RouteState[] {
  const [pattern] = store.looks.current().routes;
  if (!pattern) throw new Error('the store holds no route to copy');
  const routes = Array.from({ length: count }, (_, i): RouteState => {
    const target = {
      gateway: 'openrouter',
      provider: `provider-${i % 30}`,
      model: `maker/model-${Math.floor(i / 30)}`,
    };
    return { ...pattern, target, endpoint: null, targetId: targetId(target) };
  });
  const old = store.looks.current().routes.map((r) => ({ ...r, removed: true }));
  const plan = {
    components: [],
    routes: [...old, ...routes],
    incidents: [],
    events: [],
    guard: null,
    asks: [],
  };
  store.looks.advance(nowMs, () => plan);
  return routes;
}
