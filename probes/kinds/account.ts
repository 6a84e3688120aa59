import {
  asBoolean,
  asCount,
  asInstantMs,
  asNumber,
  asObject,
  asText,
  decodeText,
  type Loose,
  parseJson,
} from '#lib/core/loose.ts';
import type { AccountFacts } from '#lib/core/observation.ts';
import type { AccountFound } from '#lib/core/plan.ts';
import { extractError } from '#lib/error-facts.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import { readRetryAfter } from '../dialects/retry-after.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { bodyKindOf, foreignText } from './foreign-text.ts';
import { observe } from './look-facts.ts';

/** Key validity, limit and remaining credit, asked of the key itself; costs nothing. */
export const account: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const look = await io.http.request({
    url: `${watched.baseUrl.replace(/\/+$/, '')}/key`,
    headers: { accept: 'application/json', ...(io.key ? { authorization: `Bearer ${io.key}` } : {}) },
    signal: io.signal,
    limits: { firstByteMs: io.timeoutMs, totalMs: io.timeoutMs },
  });
  const text = decodeText(look.body);
  const body = parseJson(text);
  const data = look.status === 200 ? asObject(asObject(body)?.data) : null;
  const observation = observe(watched, io, look, {
    atMs,
    keyed: io.key !== null,
    fault: look.fault ?? (look.status === 200 && !data ? 'malformed' : null),
    account: accountFacts(look.status, data),
    error: look.status !== null && look.status !== 200 ? errorFacts(body, text, look.headers, io) : null,
    retryAfterMs: look.status === 200 ? null : readRetryAfter(look.headers, body, io.clock.nowMs()),
  });
  if (!data) return { observation };
  const id = watched.target.provider ?? watched.target.gateway ?? 'account';
  return { observation, found: [{ kind: 'account', account: id, facts: accountFound(data, io) }] };
};

function accountFacts(status: number | null, data: Loose | null): AccountFacts | null {
  if (data) {
    return {
      valid: true,
      limitRemainingUsd: asNumber(data.limit_remaining),
      isFreeTier: asBoolean(data.is_free_tier),
    };
  }
  // A 401 may be the gateway's own lookup failing: whether the key is bad is for the judgement to say.
  return status === 401 || status === 403
    ? { valid: false, limitRemainingUsd: null, isFreeTier: null }
    : null;
}

function accountFound(data: Loose, io: ProbeIo): AccountFound {
  const label = asText(data.label);
  const free = asObject(data.free_model_daily_requests);
  const [used, limit, remaining] = [asCount(free?.used), asCount(free?.limit), asCount(free?.remaining)];
  return {
    label: label ? cleanLine(label, io.redact ?? redactFamilies, 64) : null,
    limitUsd: asNumber(data.limit),
    limitRemainingUsd: asNumber(data.limit_remaining),
    limitReset: asText(data.limit_reset)
      ? cleanLine(String(data.limit_reset), io.redact ?? redactFamilies, 32)
      : null,
    usageUsd: asNumber(data.usage),
    usageDailyUsd: asNumber(data.usage_daily),
    usageMonthlyUsd: asNumber(data.usage_monthly),
    isFreeTier: asBoolean(data.is_free_tier),
    freeDaily: used !== null && limit !== null ? { used, limit, remaining: remaining ?? limit - used } : null,
    expiresAtMs: asInstantMs(data.expires_at),
  };
}

function errorFacts(body: unknown, text: string, headers: Record<string, string>, io: ProbeIo) {
  const redact = io.redact ?? redactFamilies;
  const isJson = body !== undefined;
  return extractError(isJson ? body : (foreignText(text, redact) ?? ''), {
    headers,
    redact,
    inBand: false,
    body: bodyKindOf(text),
    providerId: (name) => name,
  });
}
