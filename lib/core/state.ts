import type { HostLook } from './culprit-loss.ts';
import type { Fleet, Watched } from './fleet.ts';
import type { ProbeKind, Why } from './observation.ts';
import type { BlameHint, FeedErrorClass, OutcomeClass } from './outcome-words.ts';
import type { ComponentState, GuardState, Incident, RouteState } from './plan.ts';
import type { Policy } from './policy.ts';
import type { TargetRef } from './target.ts';

/** Everything the core knows between two decisions. Plain data, mutated in place by decide, rebuilt from the store at start. */
export interface State {
  policy: Policy;
  fleet: Fleet;
  /** The decision clock: the end of the latest look, or the time that was told. */
  nowMs: number;
  tracks: Map<string, Track>;
  units: Map<string, Unit>;
  vantages: Map<string, VantageState>;
  accounts: Map<string, AccountState>;
  cases: Case[];
  components: Map<string, ComponentState>;
  guard: GuardState;
  held: HeldOpenings;
  groupsOpen: Set<string>;
  noise: { bad: number; looks: number; share: number };
  nextScanMs: number;
  nextFullMs: number;
  nextOwnMs: number;
  searchedAtMs: number;
  nextNoticeMs: number;
  noticedAtMs: Map<string, number>;
  /** Own addresses that were said to be down, by target key, and since when they are. */
  addressesDown: Map<string, number>;
  /** What was last said of each chain, and since when it is no longer so. */
  chainsTold: Map<string, ChainTold>;
  listed: Map<string, { models: Set<string>; isComplete: boolean }>;
  claims: Map<string, { status: string; sinceMs: number; by?: string | null }>;
  /** What the catalogue said of late, oldest first. */
  news: CatalogNews[];
  maintenance: MaintenanceWindow[];
  rules: RuleState;
  /** While the store is re-read nothing is said and nothing is opened. */
  isQuiet: boolean;
  /** The operator's switch: observations go on, and no circuit moves. */
  isFrozen: boolean;
  /** A search that found enough, but nothing yet that shows our own connection to work. */
  awaitingProof: Track | null;
}

export interface CatalogNews {
  atMs: number;
  gateway: string | null;
  model: string;
  sentence: string;
}

export interface ChainTold {
  step: number | null;
  usable: number;
  atMs: number;
  changedSinceMs: number | null;
}

/** Alert rules and what they say now. */
export interface RuleState {
  rules: Rule[];
  /** `name|scope` → since when it holds, and how often in a row it has not. */
  firing: Map<string, { sinceMs: number; calm: number; isSilent?: boolean }>;
  /** What was left on a key, by account. */
  credit: Map<string, { atMs: number; usd: number }[]>;
  nextMs: number;
}

export interface Rule {
  name: string;
  when: 'error_share' | 'first_token_p95' | 'limited_share' | 'credit_hours' | 'slo_burn';
  /** `kind:id` keys; none: every gateway and provider, or every account. */
  scope: string[];
  above?: number | undefined;
  below?: number | undefined;
  /** Milliseconds. */
  over: number;
  slo?: number | undefined;
}

export interface MaintenanceWindow {
  id: string;
  title: string;
  /** `kind:id` keys, as in channel scopes. */
  scope: string[];
  fromMs: number;
  toMs: number;
}

/** One look, as much of it as later decisions need. */
export interface Look {
  atMs: number;
  endMs: number;
  vantage: string;
  weight: 'good' | 'bad' | 'limited' | 'neutral';
  class: OutcomeClass;
  blame: BlameHint;
  named: string | null;
  reason: string;
  feedClass: FeedErrorClass | null;
  isCountable: boolean;
  /** It failed before any far side had answered: our own network could be why. */
  isNetwork: boolean;
  /** The connection was refused: somebody was there to say no, so nothing got lost on the way. */
  isRefused: boolean;
  /** The request had gone out, over a connection that stood. */
  isSent: boolean;
  why: Why;
  keyed: boolean;
  /** Stands for a slot of its own: not one of many within half an interval. */
  counts: boolean;
  isSlow: boolean;
  /** Ended for want of a first token before the limit of a look of the schedule. */
  isCutShort: boolean;
  firstTokenMs: number | null;
  status: number | null;
  message: string | null;
  /** Under which the far side knows this call: its own number, and its edge's. */
  generationId: string | null;
  edgeId: string | null;
}

/** What is remembered of one watched target. */
export interface Track {
  key: string;
  probe: ProbeKind;
  target: TargetRef;
  id: string;
  scopeId: string;
  /** Null for targets that are no route. */
  gateway: string | null;
  provider: string | null;
  model: string | null;
  isPinned: boolean;
  isDirect: boolean;
  /** Whose key it uses: the gateway's, or `direct/{provider}`. */
  account: string | null;
  /** The far host it needs, to tell our own network from theirs. */
  host: string;
  watched: Watched | null;
  everyMs: number;
  isEveryKnown: boolean;
  looks: Look[];
  units: Unit[];
  baseline: Baseline;
  route: RouteState | null;
  /** Open incidents whose cause contains this target. */
  cases: Case[];
  ewmaMs: number | null;
  /** Set when the fleet no longer contains it. */
  isRemoved: boolean;
  lastSlotAtMs: number;
}

export interface Baseline {
  samples: number[];
  next: number;
  median: number | null;
  mad: number;
  /** Samples taken since the median was worked out. */
  stale: number;
}

export type UnitKind = 'gateway' | 'plane' | 'provider' | 'model' | 'route';

/** A pool of targets that would fail together, with its running evidence. */
export interface Unit {
  key: string;
  kind: UnitKind;
  id: string;
  tracks: Track[];
  /** Running log-likelihood sum (CUSUM) that the pool fails. */
  sum: number;
  startMs: number;
  startAtMs: number;
  looks: number;
  bad: number;
  calm: number;
  /** Twelve five-minute buckets for what persists below the bar. */
  hour: Bucket[];
  /** The same by the hour, three days of it: what burn rates are read from. */
  days: Bucket[];
  /** What was last published of it. */
  component: ComponentState | null;
  /** When it was last worked out, published or not. */
  judgedAtMs: number;
}

export interface Bucket {
  slot: number;
  looks: number;
  bad: number;
  limited: number;
}

export interface VantageState {
  id: string;
  hosts: Map<
    string,
    {
      isControl: boolean;
      okAtMs: number;
      okEndMs: number;
      badAtMs: number;
      badEndMs: number;
      badSinceMs: number;
      badRun: number;
      recent: HostLook[];
    }
  >;
  isBlind: boolean;
  blindSinceMs: number | null;
  seeingSinceMs: number | null;
  /** What was seen while it was blind, and how much of it speaks for its being over. */
  dark: Darkness | null;
  stalls: number[];
}

export interface Darkness {
  bad: number;
  looks: number;
  /** Good looks since the last bad one, when the first of them began, and what they weigh. */
  tail: number;
  goodSinceMs: number | null;
  recovery: number;
  /** How long a look hung. */
  longestMs: number;
}

export interface AccountState {
  id: string;
  gateway: string;
  tracks: Track[];
  /** When the present run of refusals began; null while the key works. */
  refusedSinceMs: number | null;
  verdict: 'fine' | 'undecided' | 'account' | 'gateway';
}

export type Nature = 'failing' | 'slow' | 'limited';

/** An incident and what is needed to carry it on. */
export interface Case {
  incident: Incident;
  nature: Nature;
  members: Set<Track>;
  /** Calm looks since the last failure. */
  tail: number;
  /** Only lists and key checks fail, no call. */
  isPlaneOnly: boolean;
  /** Evidence that it is over. */
  recovery: number;
  bad: number;
  looks: number;
  lastBadAtMs: number;
  firstGoodMs: number | null;
  /** When the first of the good looks began, and the last of the bad ones. */
  goodSinceMs: number | null;
  lastBadBeganMs: number;
  returns: number[];
  askedAtMs: number;
  weighedAtMs: number;
  siftedAtMs: number;
  savedAtMs: number;
  changes: number;
  downgradeSinceMs: number | null;
  /** When it last came back, or began: what worked before that does not speak of how bad it is now. */
  waveFromMs: number;
  majorSinceMs: number | null;
}

export interface HeldOpenings {
  keys: Set<string>;
  sinceMs: number | null;
  opened: { key: string; atMs: number }[];
}

/** Evidence older than this is none. */
export function expiryMs(state: State, track: Track): number {
  return Math.max(state.policy.expiry_least_ms, state.policy.expiry_intervals * track.everyMs);
}

/** Looks since then speak for the present: a route that is looked at seldom has its last few. */
export function presentFromMs(state: State, track: Track): number {
  return state.nowMs - Math.max(state.policy.sample_window_ms, 6 * track.everyMs);
}
