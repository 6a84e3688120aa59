import type { FeedFacts } from './feed-facts.ts';
import { iso } from './feed-routing.ts';
import type { EndpointFact, RouteState } from './plan.ts';
import { providerBase } from './target.ts';
import { vercelAlias } from './vercel-names.ts';

/** What others call a route, which of the gateway's endpoints it is, and what it costs there. */

export function endpointOf(route: RouteState, facts: FeedFacts): EndpointFact | undefined {
  const list = route.target.model
    ? facts.endpoints.get(`${route.target.gateway}|${route.target.model}`)
    : undefined;
  return (
    list?.find((e) => e.tag === route.endpoint) ??
    list?.find((e) => providerBase(e.tag) === providerBase(route.target.provider ?? ''))
  );
}

export function aliases(route: RouteState, provider: string | null): Record<string, unknown> {
  const { gateway, model } = route.target;
  const viaOpenRouter = gateway === 'openrouter';
  const maker =
    route.target.provider === 'any' ? gateway : providerBase(route.target.provider ?? gateway ?? '');
  return {
    openrouter: viaOpenRouter ? { model, provider } : null,
    litellm: {
      model: viaOpenRouter ? `openrouter/${model}` : gateway === 'direct' ? `${maker}/${model}` : model,
    },
    vercel: vercelAlias(gateway === 'direct' ? `${maker}/${model}` : model, provider),
    otel: { 'gen_ai.provider.name': maker, ...(viaOpenRouter ? { 'server.address': 'openrouter.ai' } : {}) },
  };
}

export type Price = Pick<EndpointFact, 'promptUsd' | 'completionUsd' | 'readAtMs'>;

export function priceOf(endpoint: Price | undefined, asOfMs: number): Record<string, unknown> | null {
  if (!endpoint || endpoint.promptUsd === null || endpoint.completionUsd === null) return null;
  if (endpoint.promptUsd < 0 || endpoint.completionUsd < 0) return null;
  return {
    currency: 'USD',
    input_per_mtok: perMillion(endpoint.promptUsd),
    output_per_mtok: perMillion(endpoint.completionUsd),
    as_of: iso(endpoint.readAtMs ?? asOfMs),
  };
}

function perMillion(usd: number): number {
  return Math.round(usd * 1e12) / 1e6;
}
