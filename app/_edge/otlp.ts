import type { SpanFacts } from './traces.ts';

/** OTLP in JSON, read permissively: what is not understood is passed over, and only the named attributes are looked at. */

interface Value {
  stringValue?: unknown;
  intValue?: unknown;
  doubleValue?: unknown;
}
interface Attribute {
  key?: unknown;
  value?: Value;
}
interface Span {
  attributes?: unknown;
  startTimeUnixNano?: unknown;
  endTimeUnixNano?: unknown;
  status?: { code?: unknown };
}

const wanted = new Set([
  'gen_ai.request.model',
  'gen_ai.response.model',
  'gen_ai.provider.name',
  'gen_ai.system',
  'gen_ai.server.time_to_first_token',
  'gen_ai.response.time_to_first_chunk',
  'http.response.status_code',
  'http.status_code',
  'error.type',
  'server.address',
  'openrouter.provider',
  'provider.name',
]);

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function attributesOf(span: Span): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of list(span.attributes) as Attribute[]) {
    if (typeof one?.key !== 'string' || !wanted.has(one.key)) continue;
    const value = one.value?.stringValue ?? one.value?.intValue ?? one.value?.doubleValue;
    if (typeof value === 'string' || typeof value === 'number')
      found.set(one.key, String(value).slice(0, 200));
  }
  return found;
}

function nanosToMs(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{16,20}$/.test(text)) return null;
  return Number(text.slice(0, -6));
}

const gatewayNames: Record<string, string> = { openrouter: 'openrouter', 'openrouter.ai': 'openrouter' };

export function spanFacts(span: Span): SpanFacts | null {
  const attributes = attributesOf(span);
  const model = attributes.get('gen_ai.request.model') ?? attributes.get('gen_ai.response.model') ?? null;
  if (model === null) return null;
  const atMs = nanosToMs(span.startTimeUnixNano);
  const endMs = nanosToMs(span.endTimeUnixNano);
  if (atMs === null || endMs === null || endMs < atMs) return null;
  const system = (
    attributes.get('gen_ai.provider.name') ??
    attributes.get('gen_ai.system') ??
    ''
  ).toLowerCase();
  const gateway =
    gatewayNames[(attributes.get('server.address') ?? '').toLowerCase()] ??
    gatewayNames[system] ??
    (model.startsWith('openrouter/') ? 'openrouter' : null);
  const status = Number(attributes.get('http.response.status_code') ?? attributes.get('http.status_code'));
  const firstS = Number(
    attributes.get('gen_ai.server.time_to_first_token') ??
      attributes.get('gen_ai.response.time_to_first_chunk'),
  );
  const errorType = attributes.get('error.type') ?? null;
  const hasStatus = Number.isInteger(status) && status >= 100 && status <= 599;
  const code = span.status?.code;
  return {
    model: model.replace(/^openrouter\//, ''),
    provider:
      attributes.get('openrouter.provider') ??
      attributes.get('provider.name') ??
      (gatewayNames[system] ? null : system || null),
    gateway,
    status: hasStatus ? status : /^\d{3}$/.test(errorType ?? '') ? Number(errorType) : null,
    isError: code === 2 || code === 'STATUS_CODE_ERROR' || errorType !== null || (hasStatus && status >= 400),
    errorType,
    atMs,
    totalMs: endMs - atMs,
    firstTokenMs: Number.isFinite(firstS) && firstS >= 0 ? firstS * 1000 : null,
  };
}

/** Every span of an export request that is about a model. */
export function* spansOf(request: unknown): Generator<SpanFacts> {
  const { resourceSpans } = (request ?? {}) as { resourceSpans?: unknown };
  for (const resource of list(resourceSpans) as { scopeSpans?: unknown }[])
    for (const scope of list(resource?.scopeSpans) as { spans?: unknown }[])
      for (const span of list(scope?.spans) as Span[]) {
        const facts = typeof span === 'object' && span !== null ? spanFacts(span) : null;
        if (facts) yield facts;
      }
}
