import { composeMessage, type Message, type MessageContext } from '../core/message.ts';
import type { CoreEvent, Incident } from '../core/plan.ts';

/** Incidents, events and messages for tests: one plain case, changed as the test needs. */

export const someTimeMs = Date.UTC(2026, 10, 20, 12, 1);

export function anIncident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    scope: { kind: 'provider', id: 'deepinfra', via: 'openrouter' },
    impact: 'partial_outage',
    status: 'open',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs: someTimeMs,
    openedAtMs: someTimeMs + 8_000,
    resolvedAtMs: null,
    title: 'DeepInfra fails through OpenRouter',
    reason: '9 of 10 checks failed',
    evidence: {
      failed: 9,
      total: 10,
      providers: 1,
      windowMs: 90_000,
      byClass: { http_5xx: 9 },
      sample: { status: 502, message: 'Provider returned error', provider: 'deepinfra', target: 't' },
      working: ['openrouter/groq'],
      witnesses: [],
      candidates: [],
    },
    timeline: [],
    affected: ['openrouter/deepinfra/meta-llama/llama-3.3-70b-instruct'],
    acknowledgedBy: null,
    pinned: [],
    ...change,
  };
}

export function anEvent(change: Partial<CoreEvent> = {}): CoreEvent {
  return {
    id: 'e1',
    type: 'incident.opened',
    atMs: someTimeMs + 8_000,
    scope: { kind: 'provider', id: 'deepinfra' },
    impact: 'partial_outage',
    incidentId: 'i1',
    targetId: null,
    isPublic: true,
    sentence: 'DeepInfra fails through OpenRouter since 12:01 UTC; directly it works.',
    reason: '9 of 10',
    startedAtMs: someTimeMs,
    expiresAtMs: null,
    data: {},
    ...change,
  };
}

export function aMessage(
  change: {
    event?: Partial<CoreEvent>;
    incident?: Partial<Incident> | null;
    context?: Partial<MessageContext>;
  } = {},
): Message {
  const incident = change.incident === null ? null : anIncident(change.incident ?? {});
  return composeMessage(anEvent(change.event ?? {}), incident, {
    deliveryId: 'msg_0123456789abcdef',
    nowMs: someTimeMs + 10_000,
    baseUrl: 'https://status.example.com',
    timeZone: 'UTC',
    title: 'LLM status',
    chains: [],
    runbooks: {},
    own: [],
    wasTold: true,
    state: { epoch: '01KAGQ6ZQ0', seq: 7, route: null, guard: null, baseUrl: 'https://status.example.com' },
    ...change.context,
  });
}

/** Everything a hostile far side may have written, at once. */
export const hostileText =
  "<!channel> <script>alert(1)</script> ](javascript:alert(1)) \r\nBcc: x@y.z\u001b[31m \u202egnp.exe =cmd|'/c calc'!A1 `code` *bold* <https://evil.example|safe> & \"quotes\" 's @everyone <@U123> {{7*7}} ${x} %0a😀";
