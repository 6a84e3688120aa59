import type { Observation, Why } from './observation.ts';
import type { TargetRef } from './target.ts';
import type { ComponentKind, ConfidenceLevel, CulpritKind, FeedState, Impact, Verdict } from './words.ts';

/**
 * What one decision wants written. The store writes all of it in the transaction that also holds the observations;
 * nothing in here is ever derived again from anything else.
 */
export interface Plan {
  components: ComponentState[];
  routes: RouteState[];
  incidents: Incident[];
  events: CoreEvent[];
  guard: GuardState | null;
  /** Who is told of the events above, decided with them; the store writes them to the outbox in the same transaction. */
  deliveries?: DeliveryDraft[];
  /** Looks the decision wants soon. Not stored: a restart asks again. */
  asks: Ask[];
}

export const emptyPlan: Plan = {
  components: [],
  routes: [],
  incidents: [],
  events: [],
  guard: null,
  asks: [],
};

/** How sure, and from how much: shown wherever a verdict is shown. */
export interface Confidence {
  level: ConfidenceLevel;
  samples: number;
  pUp: number | null;
  vantages: number;
  agreeingVantages: number;
  lastSampleAtMs: number | null;
}

/** A verdict about one component. `id` is the id inside its kind (`openrouter`, `anthropic/claude-haiku-4.5` …). */
export interface ComponentState {
  kind: ComponentKind;
  id: string;
  verdict: Verdict;
  sinceMs: number;
  /** One plain sentence with the numbers that decided. */
  reason: string;
  confidence: Confidence;
  /** Key (`kind:id`) of the blamed parent that explains this verdict, if any. */
  affectedBy: string | null;
  incidentId: string | null;
  /** Only for chains: the step in use, how many usable steps are left, how many of them share no gateway or provider. */
  chain: { step: number | null; usable: number; independent: number } | null;
  updatedAtMs: number;
}

export const circuitStates = ['closed', 'half_open', 'open'] as const;
export type CircuitState = (typeof circuitStates)[number];
export const adviceActions = ['use', 'prefer_not', 'probe', 'avoid', 'last_resort'] as const;
export type AdviceAction = (typeof adviceActions)[number];

export interface Circuit {
  state: CircuitState;
  sinceMs: number;
  /** A feed error class, or slow maintenance manual group; null while closed and never opened. */
  reason: string | null;
  /** Openings within the last hour, oldest first; absent where there was none. */
  openedAtMs?: number[];
  retryAtMs: number | null;
  rampUntilMs: number | null;
  source: 'auto' | 'manual' | 'maintenance' | 'group';
  /** Exponent of the retry back-off (feed contract, k). */
  backoff: number;
}

/** The published decision about one route: what the routing view of the feed says. */
export interface RouteState {
  targetId: string;
  target: TargetRef;
  endpoint: string | null;
  state: FeedState;
  verdict: Verdict;
  stateSinceMs: number;
  reason: string;
  circuit: Circuit;
  advice: { action: AdviceAction; weight: 0 | 1 | 10 | 25 | 50 | 100 };
  limited: boolean;
  confidence: Confidence;
  /** The sample behind the last decision. */
  observedAtMs: number | null;
  affectedBy: string | null;
  incidentId: string | null;
  removed: boolean;
}

export interface GuardState {
  state: 'normal' | 'suppressed' | 'frozen';
  self: 'ok' | 'degraded' | 'blind';
  openFraction: number;
  maxOpenFraction: number;
  reason: string | null;
  sinceMs: number | null;
}

export interface Scope {
  kind: CulpritKind;
  /** Gateway, provider or model id; `gateway/provider/model` for a route; gateway or `direct/{provider}` for an account; vantage for a prober. */
  id: string;
  /** A provider that fails only through this gateway while its direct route works. */
  via?: string | null;
}

export const incidentStatuses = ['open', 'resolved'] as const;

export interface TimelineEntry {
  atMs: number;
  kind:
    | 'opened'
    | 'changed'
    | 'unstable'
    | 'steady'
    | 'resolved'
    | 'reopened'
    | 'note'
    | 'acknowledged'
    | 'corrected'
    | 'merged'
    | 'split';
  text: string;
  /** `machine`, or the name of the person who wrote it; the machine never overwrites a person's text. */
  by: string;
}

/** The numbers an incident rests on, kept so that page, message and feed quote the same ones. */
export interface Evidence {
  failed: number;
  total: number;
  providers: number;
  windowMs: number;
  /** Failing looks by outcome class. */
  byClass: Record<string, number>;
  /** One redacted error to quote. */
  sample: {
    status: number | null;
    message: string | null;
    provider: string | null;
    target: string;
    /** What the far side's own support asks for: its number of the call, and its edge's (absent in old incidents). */
    generationId?: string | null;
    edgeId?: string | null;
  } | null;
  /** Targets that worked meanwhile. */
  working: string[];
  /** `by`: the gateway whose own figures these are; else it is a status page that says so. */
  witnesses: { component: string; status: string; leadMs: number | null; by?: string | null }[];
  /** It comes and goes, and this was the first good look after the last failure; null or absent while it fails. */
  quietSinceMs?: number | null;
  /** What the catalogue said just before, newest first (absent in old incidents). */
  catalog?: { atMs: number; sentence: string }[];
  candidates: Scope[];
}

export interface Incident {
  id: string;
  scope: Scope;
  impact: Impact;
  status: (typeof incidentStatuses)[number];
  isUnstable: boolean;
  isPublic: boolean;
  confidence: ConfidenceLevel;
  startedAtMs: number;
  openedAtMs: number;
  resolvedAtMs: number | null;
  title: string;
  reason: string;
  evidence: Evidence;
  timeline: TimelineEntry[];
  /** Route ids (`gateway/provider/model`) and component keys that fail because of this. */
  affected: string[];
  acknowledgedBy: string | null;
  /** A person told it as part of another incident, and what a person told as part of this one. */
  mergedInto?: string | null;
  absorbed?: Scope[];
  /** A person made it out of another incident, and what a person took out of this one. */
  splitFrom?: string | null;
  released?: Scope[];
  /** Fields a person has set; decisions leave them alone. */
  pinned: ('scope' | 'title' | 'impact')[];
}

export const eventTypes = [
  'incident.opened',
  'incident.changed',
  'incident.resolved',
  'notice',
  'circuit.opened',
  'circuit.half_opened',
  'circuit.closed',
  'target.state_changed',
  'group.state_changed',
  'chain.changed',
  'guard.changed',
  'catalog.model_added',
  'catalog.model_withdrawn',
  'catalog.model_expiring',
  'catalog.model_repriced',
  'catalog.context_changed',
  'catalog.endpoint_changed',
  'account.warning',
  'maintenance.scheduled',
  'maintenance.started',
  'maintenance.ended',
  'endpoint.test',
  // Never in a feed: what only a receiver is told.
  'incident.reminder',
  'subscription.mail',
  'delivery.failed',
] as const;
export type EventType = (typeof eventTypes)[number];

/** A change, written durably in the transaction that made it. */
export interface CoreEvent {
  /** Deterministic: the same change has the same id on every attempt and after every restart. */
  id: string;
  type: EventType;
  /** When the decision could be made. */
  atMs: number;
  scope: Scope | { kind: ComponentKind; id: string } | null;
  impact: Impact | null;
  incidentId: string | null;
  targetId: string | null;
  isPublic: boolean;
  /** The one sentence; every channel, page and feed says exactly this. */
  sentence: string;
  reason: string;
  startedAtMs: number | null;
  expiresAtMs: number | null;
  /** Type-specific facts, plain JSON. */
  data: Record<string, unknown>;
}

/** Stands for every public receiver; `outbox.expand` turns it into one delivery each, in chunks. */
export const everyPublicReceiver = '*public';

/** One receiver and one event, decided: sent or not, and why. */
export interface DeliveryDraft {
  /** Deterministic over event and receiver: the same message has the same id on every attempt. */
  id: string;
  eventId: string;
  receiverId: string;
  channel: string;
  incidentId: string | null;
  /** false: only a line in the delivery log that says why not. */
  isSent: boolean;
  reason: string;
  /** Written only if the receiver has a live or sent delivery of the same incident: a recovery goes to exactly those told of the fall. */
  onlyIfTold: boolean;
  nextAtMs: number;
  notAfterMs: number | null;
}

/** A look somebody wants soon: the scheduler brings it forward within the budget. */
export interface Ask {
  targetKey: string;
  why: Extract<Why, 'confirm' | 'neighbour' | 'trial'> | 'slot';
  notBeforeMs: number;
  /** `faster`: from now on look at this interval until `until`. */
  everyMs: number | null;
  untilMs: number | null;
  reason: string;
}

/** What a probe may find beside its observation. */
export interface ModelFact {
  id: string;
  canonicalSlug: string | null;
  name: string | null;
  contextLength: number | null;
  /** USD per token; null when variable or unknown. */
  promptUsd: number | null;
  completionUsd: number | null;
  requestUsd: number | null;
  supportedParameters: string[];
  inputModalities: string[];
  outputModalities: string[];
  isReasoningMandatory: boolean;
  expirationDate: string | null;
  createdAtMs: number | null;
}

export interface EndpointFact {
  model: string;
  provider: string;
  providerName: string;
  tag: string;
  quantization: string | null;
  contextLength: number | null;
  maxCompletionTokens: number | null;
  promptUsd: number | null;
  completionUsd: number | null;
  requestUsd: number | null;
  supportedParameters: string[];
  status: number | null;
  uptime5m: number | null;
  uptime30m: number | null;
  uptime1d: number | null;
  latencyMs: { p50: number; p75: number; p90: number; p99: number } | null;
  throughputTps: { p50: number; p75: number; p90: number; p99: number } | null;
  /** When its figures were last read; the store knows, a look does not. */
  readAtMs?: number | null;
}

export interface NoticeFact {
  /** Stable within its page. */
  id: string;
  title: string;
  status:
    | 'investigating'
    | 'identified'
    | 'monitoring'
    | 'resolved'
    | 'scheduled'
    | 'in_progress'
    | 'unknown';
  impact: Claim['status'];
  startedAtMs: number | null;
  postedAtMs: number | null;
  resolvedAtMs: number | null;
  components: string[];
  url: string | null;
  kind: 'incident' | 'maintenance';
  text: string | null;
}
type Claim = {
  status: 'operational' | 'degraded' | 'partial_outage' | 'major_outage' | 'maintenance' | 'unknown';
};

export interface AccountFound {
  label: string | null;
  limitUsd: number | null;
  limitRemainingUsd: number | null;
  limitReset: string | null;
  usageUsd: number | null;
  usageDailyUsd: number | null;
  usageMonthlyUsd: number | null;
  isFreeTier: boolean | null;
  freeDaily: { used: number; limit: number; remaining: number } | null;
  expiresAtMs: number | null;
}

/** Of an address of the owner's own. `expiresAtMs` null: the handshake failed because it is over, and does not say since when. */
export interface CertificateFound {
  fromMs: number | null;
  expiresAtMs: number | null;
}

export interface ProviderFact {
  slug: string;
  name: string;
  statusPageUrl: string | null;
}

/** One endpoint in the comparison of everybody who serves a model. */
export interface DriftKnown {
  endpoint: string;
  fingerprint: string | null;
  servedModel: string | null;
  /** Its answers of the last look that were as most of the others' say; null when it gave no whole answer. */
  same: number | null;
  of: number | null;
  isOdd: boolean;
}

/** What the far side last said our key may still ask of one target. */
export interface LimitsKnown {
  atMs: number;
  /** Requests in its window, those left of them, and when it begins anew. */
  requests: number | null;
  remaining: number | null;
  resetAtMs: number | null;
  /** Not to be asked before. */
  retryAtMs: number | null;
}

export type Found =
  | {
      kind: 'models';
      gateway: string;
      models: ModelFact[] /** false: the list was cut or filtered, absences mean nothing. */;
      isComplete: boolean;
    }
  | { kind: 'endpoints'; gateway: string; model: string; endpoints: EndpointFact[] }
  | { kind: 'providers'; gateway: string; providers: ProviderFact[] }
  | { kind: 'notices'; page: string; platform: string; notices: NoticeFact[] }
  | { kind: 'account'; account: string; facts: AccountFound }
  | { kind: 'certificate'; name: string; facts: CertificateFound }
  | {
      kind: 'drift';
      gateway: string;
      model: string;
      /** Everybody who was asked, as they are now known. */
      asked: DriftKnown[];
      /** One endpoint that no longer is what it was, or what the others are. */
      findings: {
        endpoint: string;
        what: 'answers' | 'fingerprint' | 'served_model';
        before: string | null;
        after: string;
      }[];
    }
  | {
      /** The gateway's own name for one call: by it the call can be asked about afterwards, by us and by its support. */
      kind: 'generation';
      generationId: string;
      /** Which look it was. */
      targetKey: string;
      lookAtMs: number;
      /** The answer did not say what it cost, or broke on the way: worth asking about. */
      isDoubtful: boolean;
      /** It was asked about, and this is what its record says; `recordedUsd` what the call cost. */
      isRecorded: boolean;
      recordedUsd: number | null;
      edgeId: string | null;
      quantization: string | null;
      fingerprint: string | null;
      tried: { provider: string; status: number | null }[];
    }
  | ({ kind: 'limits'; targetKey: string } & LimitsKnown)
  /** The numbers under which the far side knows a call that failed. */
  | { kind: 'quote'; generationId: string | null; edgeId: string | null };

/** One look as it travels from the looking thread to the deciding thread. */
export interface Seen {
  observation: Observation;
  found: Found[];
}
