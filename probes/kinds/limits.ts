import type { Watched } from '#lib/core/fleet.ts';
import { dig } from '#lib/core/loose.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import { readLimits } from '../dialects/rate-limits.ts';
import type { Call } from './call.ts';
import { retryBody } from './call-facts.ts';

/** What an answer says our key may still ask, in its headers or in the error that stands for them. */
export function limitsOf(call: Call, watched: Watched, o: Observation): Found | null {
  if (call.look.status === null) return null;
  const atMs = Math.round(endedAtMs(o));
  const inError = dig(dig(retryBody(call), 'error') ?? retryBody(call), 'metadata', 'headers');
  const limits = readLimits({ ...headersIn(inError), ...call.look.headers }, atMs);
  const retryAtMs = o.retryAfterMs === null ? null : atMs + Math.round(o.retryAfterMs);
  if (limits === null && retryAtMs === null) return null;
  const none = { requests: null, remaining: null, resetAtMs: null };
  return { kind: 'limits', targetKey: watched.key, atMs, ...(limits ?? none), retryAtMs };
}

function headersIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 20)
      .flatMap(([name, text]) =>
        typeof text === 'string' || typeof text === 'number' ? [[name.toLowerCase(), String(text)]] : [],
      ),
  );
}
