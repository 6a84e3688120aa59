import type { ProbeKind } from './observation.ts';
import type { TargetRef } from './target.ts';

/** One watched target as configured: what the scheduler plans, a probe looks at and the core knows. */
export interface Watched {
  key: string;
  probe: ProbeKind;
  target: TargetRef;
  /** How this look speaks: a dialect for completions, a platform hint for official pages. */
  dialect: string | null;
  baseUrl: string;
  /** Names the secret in the worker's key ring; never the secret itself. */
  keyName: string | null;
  /** The model as the far side calls it. */
  wireModel: string | null;
  /** The endpoint tag to pin, null for unpinned routes and direct ones. */
  endpoint: string | null;
  /** Display name expected in the answer's `provider`. */
  providerName: string | null;
  everyMs: number;
  timeoutMs: number;
  /** Expected USD of one look, for the budget; 0 for free looks. */
  priceUsd: number;
  price: { promptUsd: number; completionUsd: number; requestUsd: number } | null;
  maxTokens: number;
  supportedParameters: string[] | null;
  isReasoningMandatory: boolean;
  /** Where it came from: config, default fleet, watch, preset. */
  origin: 'config' | 'default' | 'watch' | 'preset';
  /** Kind-specific settings, already validated. */
  options: Record<string, unknown>;
}

export interface Chain {
  id: string;
  /** Route target refs in order. */
  steps: TargetRef[];
}

export interface Fleet {
  watched: Watched[];
  chains: Chain[];
}
