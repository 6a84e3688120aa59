import { asCount, asList, asObject, asText, dig, type Loose } from './core/loose.ts';
import type { ErrorFacts } from './core/observation.ts';
import { cleanLine, type Redact } from './redact.ts';

export interface ErrorContext {
  headers: Record<string, string>;
  redact: Redact;
  inBand: boolean;
  body: ErrorFacts['body'];
  /** Display name → provider id. */
  providerId: (name: string) => string;
}

/** One extractor for every shape of error there is: text and code are looked for wherever anybody puts them. */
export function extractError(carrier: unknown, context: ErrorContext): ErrorFacts {
  const outer = asObject(Array.isArray(carrier) ? carrier[0] : carrier) ?? {};
  const inner =
    asObject(outer.error) ??
    asObject(asList(outer.errors)[0]) ??
    asObject(dig(outer, 'response', 'error')) ??
    // Inside the choice it cut off.
    asObject(dig(asList(outer.choices)[0], 'error')) ??
    outer;
  const metadata = asObject(inner.metadata) ?? {};
  const message = messageOf(carrier, outer, inner, metadata);
  const named = providerNameOf(metadata, message);
  const clean = (text: string | null, length?: number) =>
    text === null ? null : cleanLine(text, context.redact, length) || null;
  return {
    code: clean(codeOf(outer, inner, context.headers), 64),
    type: clean(typeOf(outer, inner, metadata), 64),
    message: clean(message),
    provider: named ? context.providerId(clean(named, 64) ?? '') || null : null,
    limit: clean(limitOf(inner, metadata), 64),
    attempt: asCount(dig(outer, 'openrouter_metadata', 'attempt')),
    body: context.body,
    inBand: context.inBand,
  };
}

/** A code is a number, a text, or nothing; a class name such as `error` says nothing. */
function asCode(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return asText(value);
}

function codeOf(outer: Loose, inner: Loose, headers: Record<string, string>): string | null {
  const availability = asText(dig(inner, 'availability', 'code'));
  const fromHeader = headers['x-amzn-errortype']?.split(':')[0];
  return (
    asCode(dig(inner, 'details', 'error_code')) ??
    asCode(inner.code) ??
    asCode(inner.status_code) ??
    asCode(inner.http_status) ??
    (availability ? null : asCode(inner.type === 'error' ? null : inner.type)) ??
    asCode(inner.status) ??
    asCode(outer.code) ??
    asCode(outer.error_type) ??
    asCode(outer.reason) ??
    asCode(fromHeader)
  );
}

function typeOf(outer: Loose, inner: Loose, metadata: Loose): string | null {
  const errorInfo = asList(inner.details)
    .map((item) => asText(dig(item, 'reason')))
    .find(Boolean);
  return (
    asText(dig(inner, 'availability', 'code')) ??
    asText(metadata.error_type) ??
    asText(inner.error_type) ??
    filteredType(metadata) ??
    errorInfo ??
    (inner.type === 'error' ? null : asText(inner.type)) ??
    asText(inner.status) ??
    (outer.type === 'error' ? null : asText(outer.type)) ??
    asText(metadata.provider_error_code) ??
    asText(metadata.provider_code) ??
    // Where only a list of codes is sent (Cloudflare), the code is the kind.
    (asList(outer.errors).length > 0 ? asCode(inner.code) : null)
  );
}

/** Facts that stand only in the shape of the metadata: who filtered the request, and why there was no endpoint. */
function filteredType(metadata: Loose): string | null {
  if (asList(metadata.reasons).length > 0 || metadata.flagged_input || asList(metadata.patterns).length > 0) {
    return 'moderation';
  }
  const funnel = asList(metadata.routing_funnel);
  const first = asCount(dig(funnel[0], 'endpoint_count'));
  return first !== null && first > 0 ? 'constraint_filtered' : null;
}

function limitOf(inner: Loose, metadata: Loose): string | null {
  return (
    asText(metadata.limit_source) ??
    asText(metadata.reason) ??
    asText(inner.reason) ??
    asText(metadata.provider_error_code)
  );
}

function messageOf(carrier: unknown, outer: Loose, inner: Loose, metadata: Loose): string | null {
  const plain =
    asText(typeof carrier === 'string' ? carrier : null) ??
    asText(inner.message) ??
    asText(outer.error) ??
    asText(outer.message) ??
    asText(outer.Message) ??
    asText(outer.detail) ??
    asText(dig(asList(outer.detail)[0], 'msg')) ??
    asText(dig(asList(outer.errors)[0], 'message')) ??
    asText(outer.reason) ??
    asText(asList(outer.errors)[0]);
  const raw = rawText(metadata.raw);
  return raw && plain && !plain.includes(raw) ? `${plain}: ${raw}` : (plain ?? raw);
}

/** `metadata.raw`: a sentence, a JSON text or an object; its own message is what helps. */
function rawText(raw: unknown): string | null {
  let parsed = asObject(raw);
  if (typeof raw === 'string') {
    if (!raw.trim().startsWith('{')) return asText(raw.trim().slice(0, 300));
    try {
      parsed = asObject(JSON.parse(raw));
    } catch {
      return raw.slice(0, 300);
    }
  }
  const found =
    asText(dig(parsed, 'error', 'message')) ?? asText(dig(parsed, 'message')) ?? asText(dig(parsed, 'error'));
  return found?.slice(0, 300) ?? null;
}

/** `Upstream error from Nvidia: …` names the provider where the metadata does not; LiteLLM names it as an exception. */
function providerNameOf(metadata: Loose, message: string | null): string | null {
  const named = asText(metadata.provider_name);
  if (named) return named;
  const match = /Upstream error from ([\w .-]{1,40}?):/.exec(message ?? '');
  if (match?.[1]) return match[1];
  const litellm = /\b([A-Z]\w{1,24})Exception\b(?: - |:)/.exec(
    message?.startsWith('litellm.') ? message : '',
  );
  return litellm?.[1] ?? null;
}
