import type { Watched } from '#lib/core/fleet.ts';
import type { ProbeKind } from '#lib/core/observation.ts';
import type { TargetRef } from '#lib/core/target.ts';
import { targetKey } from '#lib/core/target.ts';
import { createTrusted } from '#lib/http.ts';
import type { ProbeIo } from '#probes/probe.ts';

/** What a probe is given in a test: real sockets, the real clock, and a fixed dice. */
export function probeIo(more: Partial<ProbeIo> = {}): ProbeIo {
  return {
    vantage: 'test',
    why: 'slot',
    slot: 1,
    key: 'sk-or-v1-simulated',
    signal: new AbortController().signal,
    timeoutMs: 2_000,
    http: createTrusted(),
    clock: { nowMs: () => Date.now(), monoMs: () => performance.now(), stallSince: () => 0 },
    random: () => 0.5,
    memory: new Map(),
    ...more,
  };
}

export function watchedTarget(
  probe: ProbeKind,
  target: TargetRef,
  more: Partial<Watched> & { baseUrl: string },
): Watched {
  return {
    key: targetKey(probe, target),
    probe,
    target,
    dialect: null,
    keyName: null,
    wireModel: target.model,
    endpoint: null,
    providerName: null,
    everyMs: 60_000,
    timeoutMs: 2_000,
    priceUsd: 0.00001,
    price: { promptUsd: 1e-7, completionUsd: 4e-7, requestUsd: 0 },
    maxTokens: 16,
    supportedParameters: null,
    isReasoningMandatory: false,
    origin: 'config',
    options: {},
    ...more,
  };
}
