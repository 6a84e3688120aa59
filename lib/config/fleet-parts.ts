import { readFileSync } from 'node:fs';
import type { Fleet, Watched } from '../core/fleet.ts';
import type { ChosenRoute } from '../core/fleet-default.ts';
import type { ProbeKind } from '../core/observation.ts';
import type { EndpointFact, ModelFact, ProviderFact } from '../core/plan.ts';
import { type TargetRef, targetKey } from '../core/target.ts';
import type { Loaded } from './load.ts';
import type { Preset } from './presets.ts';
import type { Config } from './schema.ts';

/** What a gateway is known to serve; empty before the first catalogue was read. */
export interface CatalogueFacts {
  models: ModelFact[];
  endpoints: EndpointFact[];
  providers: ProviderFact[];
}

export interface BuiltFleet extends Fleet {
  /** Name → secret. Never leaves the worker. */
  keys: Map<string, string>;
  /** The chosen default routes, to be stored so that the choice stays. */
  chosen: Record<string, ChosenRoute[]>;
  /** What could not be watched, and why: printed at the start. */
  remarks: string[];
}

export const defaults = {
  catalogMs: 60_000,
  accountMs: 60_000,
  completionMs: 60_000,
  reportedMs: 60_000,
  officialMs: 60_000,
  controlMs: 15_000,
  livenessMs: 60_000,
  otherMs: 15 * 60_000,
  dearMs: 15 * 60_000,
  dearUsd: 0.0002,
  completionTimeoutMs: 30_000,
  freeTimeoutMs: 10_000,
  maxTokens: 16,
  thinkingTokens: 256,
  firstRead: 60,
  othersPerLook: 25,
} as const;

export type Maker = ReturnType<typeof maker>;

export function maker(watched: Map<string, Watched>) {
  return (probe: ProbeKind, target: TargetRef, more: Partial<Watched> & { baseUrl: string }): void => {
    const key = targetKey(probe, target);
    if (watched.has(key)) return;
    watched.set(key, {
      key,
      probe,
      target,
      dialect: null,
      keyName: null,
      wireModel: null,
      endpoint: null,
      providerName: null,
      everyMs: defaults.livenessMs,
      timeoutMs: defaults.freeTimeoutMs,
      priceUsd: 0,
      price: null,
      maxTokens: defaults.maxTokens,
      supportedParameters: null,
      isReasoningMandatory: false,
      origin: 'config',
      options: {},
      ...more,
    });
  };
}

export type Gateway = Config['gateways'][string];
export const emptyGateway: Gateway = { key_is_byok: false, every: {}, timeout: {}, watch: [] };

export function environmentKey(preset: Preset | null, env: Loaded['env']): string | null {
  for (const name of preset?.keyEnv ?? []) {
    const found = env[name]?.trim();
    if (!found) continue;
    if (name === 'GOOGLE_APPLICATION_CREDENTIALS') return fileText(found);
    // Amazon's own keys come as a pair, or with a session as three.
    if (name === 'AWS_ACCESS_KEY_ID') {
      const parts = [found, env.AWS_SECRET_ACCESS_KEY?.trim(), env.AWS_SESSION_TOKEN?.trim()];
      if (parts[1]) return parts.filter(Boolean).join(':');
      continue;
    }
    // Names such as AWS_REGION stand in the same list and are no secrets by themselves.
    if (/KEY|TOKEN/.test(name)) return found;
  }
  return null;
}

/** The variable names a file; one that cannot be read is no key. */
function fileText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** A parsed chain step: `openrouter/any/openai/gpt-5-mini`, `direct/anthropic/claude-haiku-4-5`. */
export function parseStep(step: string): TargetRef | null {
  const [gateway, provider, ...model] = step.split('/');
  if (!gateway || !provider || model.length === 0 || model.some((piece) => piece === '')) return null;
  return { gateway, provider, model: model.join('/') };
}
