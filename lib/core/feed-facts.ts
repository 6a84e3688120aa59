import type { AbilityLooks } from './feed-capabilities.ts';
import type { Chain, Watched } from './fleet.ts';
import type { Claim } from './observation.ts';
import type { ComponentState, EndpointFact, GuardState, Incident, LimitsKnown, RouteState } from './plan.ts';

/** Counts and quantiles of one target over one window, as the store gives them. */
export interface FeedWindow {
  targetKey: string;
  windowMs: number;
  samples: number;
  /** Of them, how many were told by others' traffic. */
  passive: number;
  ok: number;
  /** When the last look ended that says how it is; null in a window of whole hours. */
  lastAtMs: number | null;
  byClass: Record<string, number>;
  firstTokenMs: { p50: number; p95: number; n: number } | null;
  totalMs: { p50: number; p95: number; n: number } | null;
  worstGapMs: { p50: number; p95: number; n: number } | null;
  tokensPerSecond: { p50: number; p5: number; n: number } | null;
}

export interface FeedClaims {
  page: string;
  atMs: number;
  claims: Claim[];
}

/** Announced work on what is named by `kind:id`. */
export interface Planned {
  title: string;
  scope: string[];
  fromMs: number;
  toMs: number;
}

/** Everything the published documents are made of: one consistent picture of the store. */
export interface FeedFacts {
  epoch: string;
  seq: number;
  /** The worker's last heartbeat, which is `generated_at`; null before the first one. */
  beatMs: number | null;
  workerStartedAtMs: number | null;
  vantage: string | null;
  components: ComponentState[];
  routes: RouteState[];
  guard: GuardState;
  /** Open and lately resolved public incidents, newest first. */
  incidents: Incident[];
  fleet: Watched[];
  chains: Chain[];
  windows: FeedWindow[];
  /** By `gateway|model`. */
  endpoints: Map<string, EndpointFact[]>;
  claims: FeedClaims[];
  /** By the key of the looks that were told. */
  limits: ReadonlyMap<string, LimitsKnown>;
  /** By the key of the looks that ask for it. */
  abilities: ReadonlyMap<string, AbilityLooks>;
  /** Announced work that goes on or is to come, the earliest first. */
  planned: readonly Planned[];
  /** True once the heartbeat is past its expiry: then nothing in here is an opinion any more. */
  isExpired: boolean;
}

export const feedLifeMs = 90_000;
export const pollAfterS = 10;

export const quietGuard: GuardState = {
  state: 'normal',
  self: 'ok',
  openFraction: 0,
  maxOpenFraction: 0.5,
  reason: null,
  sinceMs: null,
};

export const noFacts: FeedFacts = {
  epoch: '0',
  seq: 0,
  beatMs: null,
  workerStartedAtMs: null,
  vantage: null,
  components: [],
  routes: [],
  guard: quietGuard,
  incidents: [],
  fleet: [],
  chains: [],
  windows: [],
  endpoints: new Map(),
  claims: [],
  limits: new Map(),
  abilities: new Map(),
  planned: [],
  isExpired: false,
};

export function validUntilMs(facts: Pick<FeedFacts, 'beatMs'>): number {
  return (facts.beatMs ?? 0) + feedLifeMs;
}

/** The time of the last sign of life, as the published documents state it. */
export function generatedAtMs(facts: Pick<FeedFacts, 'beatMs'>): number {
  return facts.beatMs ?? 0;
}
