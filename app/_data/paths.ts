import { escapeIdPart, type TargetRef, targetId } from '#lib/core/target.ts';
import type { ComponentKind } from '#lib/core/words.ts';

/** Addresses of pages, without the language. In a path `/` is `~`. */
export const pathOf = {
  gateway: (id: string): string => `/gateways/${escapeIdPart(id)}`,
  provider: (id: string): string => `/providers/${escapeIdPart(id)}`,
  model: (id: string): string => `/models/${escapeIdPart(id)}`,
  route: (target: TargetRef): string => `/routes/${targetId(target)}`,
  chain: (id: string): string => `/chains/${escapeIdPart(id)}`,
  incident: (id: string): string => `/incidents/${encodeURIComponent(id)}`,
};

/** The page about a component, where there is one. A route's id is `gateway/provider/model`. */
export function componentPath(kind: ComponentKind, id: string): string | null {
  switch (kind) {
    case 'gateway':
    case 'catalog':
    case 'official':
      return pathOf.gateway(id);
    case 'provider':
      return pathOf.provider(id);
    case 'model':
      return pathOf.model(id);
    case 'chain':
      return pathOf.chain(id);
    case 'route':
      return pathOf.route(routeRef(id));
    case 'account':
    case 'prober':
    case 'http':
      return null;
  }
  kind satisfies never;
  return null;
}

/** `gateway/provider/model` apart again; the provider `any` and every catalogue slug have no slash of their own. */
export function routeRef(id: string): TargetRef {
  const [gateway = '', provider = '', ...model] = id.split('/');
  return { gateway, provider, model: model.join('/') };
}

/** Whether a path segment list names this id, in either spelling. */
export function isNamedBy(segments: string[], id: string): boolean {
  const joined = segments.map(decode).join('/');
  return joined === id || joined === escapeIdPart(id);
}

export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
