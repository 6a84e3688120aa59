import { asCount, asList, asNumber, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import type { Claim } from '#lib/core/observation.ts';
import type { EndpointFact } from '#lib/core/plan.ts';
import { providerBase } from '#lib/core/target.ts';
import { readPrice } from './model-list.ts';

/** A gateway's own list of who serves one model, with its own figures; null when it is none. A bad element is dropped, the rest stays. */
export function readEndpointList(body: unknown, model: string): EndpointFact[] | null {
  const list = dig(body, 'data', 'endpoints');
  if (!Array.isArray(list)) return null;
  return list.slice(0, 500).flatMap((raw) => readEndpoint(asObject(raw), model) ?? []);
}

function readEndpoint(e: Loose | null, model: string): EndpointFact | null {
  const providerName = asText(e?.provider_name);
  const tag = asText(e?.tag);
  if (!e || !providerName || !tag || tag.length > 120) return null;
  const pricing = asObject(e.pricing);
  return {
    model,
    provider: providerBase(tag),
    providerName: providerName.slice(0, 120),
    tag,
    quantization: asText(e.quantization)?.slice(0, 32) ?? null,
    contextLength: asCount(e.context_length),
    maxCompletionTokens: asCount(e.max_completion_tokens),
    promptUsd: readPrice(pricing?.prompt),
    completionUsd: readPrice(pricing?.completion),
    requestUsd: readPrice(pricing?.request),
    supportedParameters: asList(e.supported_parameters)
      .filter((p): p is string => typeof p === 'string')
      .slice(0, 64),
    status: asNumber(e.status),
    uptime5m: percent(e.uptime_last_5m),
    uptime30m: percent(e.uptime_last_30m),
    uptime1d: percent(e.uptime_last_1d),
    latencyMs: percentiles(e.latency_last_30m),
    throughputTps: percentiles(e.throughput_last_30m),
  };
}

/** Too little traffic is no figure: never 0 %, never 100 %. */
function percent(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 || number > 100 ? null : number;
}

function percentiles(value: unknown): EndpointFact['latencyMs'] {
  const [p50, p75, p90, p99] = ['p50', 'p75', 'p90', 'p99'].map((name) => asNumber(dig(value, name)));
  if (p50 == null || p75 == null || p90 == null || p99 == null) return null;
  return [p50, p75, p90, p99].every((n) => n >= 0) ? { p50, p75, p90, p99 } : null;
}

/** A status of 0 is given to endpoints without traffic too, so it is a claim of health only beside a figure. */
export function claimOfEndpoint(e: EndpointFact): Claim {
  return {
    // The same tag serves many models, each with its own figures.
    component: `${e.model} · ${e.tag}`,
    provider: e.provider,
    model: e.model,
    status: statusWord(e),
    uptime5m: e.uptime5m,
    uptime30m: e.uptime30m,
    uptime1d: e.uptime1d,
  };
}

function statusWord(e: EndpointFact): Claim['status'] {
  if (e.status === null) return 'unknown';
  if (e.status >= 0) return e.uptime30m === null && e.uptime5m === null ? 'unknown' : 'operational';
  if (e.status <= -10) return 'major_outage';
  return e.status === -5 ? 'partial_outage' : 'degraded';
}
