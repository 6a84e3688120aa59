import { blankObservation, type ErrorFacts, noTiming, type Observation } from '#lib/core/observation.ts';
import type { TargetRef } from '#lib/core/target.ts';

/** Short ways to write observations in tests. */

export const pinned: TargetRef = { gateway: 'openrouter', provider: 'alpha', model: 'acme/swift-1' };
export const direct: TargetRef = { gateway: 'direct', provider: 'alpha', model: 'swift-1' };
export const unpinned: TargetRef = { gateway: 'openrouter', provider: 'any', model: 'acme/swift-1' };

export function errorFacts(more: Partial<ErrorFacts>): ErrorFacts {
  return {
    code: null,
    type: null,
    message: null,
    provider: null,
    limit: null,
    attempt: null,
    body: 'json',
    inBand: false,
    ...more,
  };
}

export function look(more: Partial<Observation> = {}): Observation {
  return blankObservation({
    atMs: Date.UTC(2026, 1, 17, 5, 27),
    vantage: 'local',
    probe: 'completion',
    target: pinned,
    ...more,
  });
}

export function goodLook(more: Partial<Observation> = {}): Observation {
  return look({
    reached: 'done',
    status: 200,
    timing: { ...noTiming, headersMs: 180, firstByteMs: 181, firstTokenMs: 430, totalMs: 900 },
    output: { tokens: 8, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
    ...more,
  });
}

export function failedLook(
  status: number,
  error: Partial<ErrorFacts> = {},
  more: Partial<Observation> = {},
): Observation {
  return look({
    reached: 'done',
    status,
    error: errorFacts({ code: String(status), ...error }),
    timing: { ...noTiming, totalMs: 300 },
    ...more,
  });
}
