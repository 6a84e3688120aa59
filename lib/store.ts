import type { Watched } from './core/fleet.ts';
import type { Observation } from './core/observation.ts';
import type {
  ComponentState,
  CoreEvent,
  DeliveryDraft,
  DriftKnown,
  EndpointFact,
  Found,
  GuardState,
  Incident,
  LimitsKnown,
  Plan,
  RouteState,
  Seen,
} from './core/plan.ts';
import type { QuotedNumbers } from './core/report.ts';
import type { Convention } from './core/words.ts';

export type { QuotedNumbers } from './core/report.ts';

/**
 * The ports of the store. Each call is one atomic unit; nothing here names a table, a file or an engine.
 * `db/store.contract.ts` is what every engine must pass: a behaviour that is not there does not exist.
 */
export interface Store {
  looks: Looks;
  history: History;
  incidents: Incidents;
  events: Events;
  outbox: Outbox;
  ledger: Ledger;
  people: People;
  catalog: Catalog;
  upkeep: Upkeep;
  close(): void;
}

/** Observation as stored: with its outcome class beside it, so that queries need not judge again. */
export interface StoredLook {
  observation: Observation;
  targetKey: string;
  outcome: string;
  /** Length of the slot it was planned in, 0 where unknown, and the seconds of availability it stands for. */
  slotMs?: number;
  countsS?: number;
}

/** What was made of one look. `slot` only where it is not the fleet that says how long a slot is (an import). */
export interface Decided {
  outcome: string;
  plan: Plan;
  slot?: { ms: number; countsS: number };
}

export interface Looks {
  /**
   * Read → decide → write in one immediate transaction. A repeated observation is not decided or stored again: there is
   * one plan for every look that was decided. A route gets the feed's next `seq` when its decision differs in more than
   * freshness (reason, sample count, instant of the sample).
   */
  record(seen: Seen[], decide: (o: Observation, found: Found[]) => Decided): Plan[];
  /** Time passes: the same transaction without an observation. */
  advance(nowMs: number, decide: (nowMs: number) => Plan): Plan;
  /** A slot that was not run. */
  recordMissed(missed: { targetKey: string; slot: number; atMs: number; reason: string }[]): void;
  /** What became known of looks that were recorded before. */
  learn(found: Found[], atMs: number): void;
  /** Everything since `fromMs` in order of end, to rebuild the core's state at start. */
  replaySince(fromMs: number): Iterable<Observation>;
  /** Last looks of one target, newest first. */
  last(targetKey: string, limit: number): StoredLook[];
  /** Raw looks that began in [fromMs, toMs), oldest first: one target's day, or everything for an export. */
  between(query: { targetKey?: string; fromMs: number; toMs: number; limit: number }): StoredLook[];
  /** Current published decisions and components. */
  current(): { components: ComponentState[]; routes: RouteState[]; guard: GuardState; fleet: Watched[] };
  /** Replaces the fleet; targets no longer watched keep their history. */
  saveFleet(fleet: Watched[], nowMs: number): void;
  /** Target last looked at, per key: so that a restart continues where it was. */
  lastSeenAt(): Map<string, number>;
}

export interface History {
  /**
   * Daily bars of everything. `targetKey` is a target's key, or `kind:id` of a component (whose seconds are those of its
   * verdicts while a worker was alive). `measuredS` are the seconds that count under the convention; 429 is apart.
   */
  bars(query: { fromMs: number; toMs: number; convention: Convention }): DayBar[];
  /** Percentile series of one target at a fitting resolution. */
  series(query: {
    targetKey: string;
    fromMs: number;
    toMs: number;
    metric: Metric;
    points: number;
  }): SeriesPoint[];
  /** Outcome classes over time. */
  classes(query: { targetKey: string; fromMs: number; toMs: number; points: number }): ClassPoint[];
  availability(query: {
    targetKeys: string[];
    fromMs: number;
    toMs: number;
    convention: Convention;
  }): Availability;
  months(query: {
    targetKeys: string[];
    fromMs: number;
    toMs: number;
    convention: Convention;
  }): Availability[];
  /** Share of 429s by UTC hour of the week (0 = Monday 00:00). */
  limitedByHour(query: {
    targetKey: string;
    fromMs: number;
    toMs: number;
  }): { hour: number; total: number; limited: number }[];
  /** Slots of one target that were not run, oldest first, with the reason. */
  missed(query: {
    targetKey: string;
    fromMs: number;
    toMs: number;
  }): { targetKey: string; slot: number; atMs: number; reason: string }[];
  /** Everything that was looked at then, also what is watched no longer. */
  targetsIn(query: { fromMs: number; toMs: number }): Pick<Watched, 'key' | 'probe' | 'target'>[];
  /** What everybody quotes and nobody measures, each with its interval and n. Null: too few to quote. */
  numbers(query: { fromMs: number; toMs: number }): QuotedNumbers;
  /** The parts of those numbers, of days that are over: notes to be written, so that a number outlives the raw looks. */
  numberDaysDue(query: { nowMs: number; limit: number }): { note: string; text: string }[];
  /** Counts and latency quantiles for the feed's windows. One longer than two hours begins on the hour. */
  windows(query: { nowMs: number; windows: number[] }): TargetWindow[];
}

export const metrics = ['first_token', 'total', 'worst_gap', 'tokens_per_second'] as const;
export type Metric = (typeof metrics)[number];

export interface DayBar {
  targetKey: string;
  dayMs: number;
  measuredS: number;
  badS: number;
  degradedS: number;
  limitedS: number;
  unknownS: number;
  worst: string | null;
}
export interface SeriesPoint {
  atMs: number;
  n: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}
export interface ClassPoint {
  atMs: number;
  counts: Record<string, number>;
}
export interface Availability {
  fromMs: number;
  toMs: number;
  convention: Convention;
  /** In [0, 1]; null when nothing was measured. */
  share: number | null;
  coverage: number;
  /** Added over all targets and the places that looked at them: `series` of them, `elapsedS` to be measured. */
  measuredS: number;
  badS: number;
  elapsedS: number;
  series: number;
}
export interface TargetWindow {
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

export interface Incidents {
  list(query: {
    status?: 'open' | 'resolved';
    beforeMs?: number;
    scope?: string;
    isPublic?: boolean;
    limit: number;
  }): Incident[];
  get(id: string): Incident | null;
  /** A person's change: acknowledge, annotate, correct, publish, resolve by hand. Writes its event in the same transaction. */
  edit(
    id: string,
    change: (incident: Incident) => {
      incident: Incident;
      /** Others that change with it: merged into it, or split off. */
      others?: Incident[];
      events: CoreEvent[];
      deliveries?: DeliveryDraft[];
    } | null,
  ): Incident | null;
  /** Opened by hand, or imported history. */
  add(incident: Incident, events: CoreEvent[], deliveries?: DeliveryDraft[]): void;
}

export interface Events {
  /** Events after a position, in order; the position is the feed's `seq`. */
  after(seq: number, limit: number): { seq: number; event: CoreEvent }[];
  list(query: { types?: string[]; beforeMs?: number; limit: number }): CoreEvent[];
  /** Published feed changes after a position: whole routing objects, for the stream's resume. */
  changesAfter(seq: number, limit: number): FeedChange[] | 'gone';
  /** Numbering: `epoch` changes with a new or restored database. */
  position(): { epoch: string; seq: number };
  /** Says that an event happened without a look (maintenance, a test message). */
  add(events: CoreEvent[], deliveries?: DeliveryDraft[]): void;
}

export interface FeedChange {
  seq: number;
  atMs: number;
  kind: 'target' | 'target_removed' | 'guard' | 'incident';
  id: string;
  body: unknown;
}

/** One event to one receiver. */
export interface Delivery {
  id: string;
  eventId: string;
  receiverId: string;
  channel: string;
  incidentId: string | null;
  attempts: number;
  nextAtMs: number;
  notAfterMs: number | null;
  doneAtMs: number | null;
  deadReason: string | null;
  /** What a channel keeps between messages of one incident (a Slack message's ts, an email thread id). */
  thread: Record<string, unknown> | null;
}

export interface ClaimedDelivery {
  delivery: Delivery;
  event: CoreEvent;
  /** The event's position in the feed: a receiver drops what is not newer. */
  seq: number;
}

export interface Outbox {
  /** Claims due deliveries, at most one per receiver, for `leaseMs`. */
  claim(query: {
    by: string;
    nowMs: number;
    leaseMs: number;
    limit: number;
    exceptReceivers: string[];
    exceptChannels?: string[];
    /** At most so many of these channels; others are not limited. */
    channelRoom?: Record<string, number>;
  }): ClaimedDelivery[];
  /** Claims what else is due for one receiver, oldest first, so that it can be said in one message. */
  gather(query: {
    receiverId: string;
    by: string;
    nowMs: number;
    leaseMs: number;
    limit: number;
  }): ClaimedDelivery[];
  /** Gives a claimed delivery back for later without counting an attempt; an empty reason leaves no line in the log. */
  postpone(id: string, by: string, nextAtMs: number, reason: string): boolean;
  /** Ends a claimed delivery because another message says it: neither sent nor dead. */
  markSuperseded(id: string, by: string, nowMs: number, reason: string): boolean;
  /** Has this receiver been sent anything about this incident? */
  wasTold(query: { receiverId: string; incidentId: string }): boolean;
  /** Messages sent to a receiver since then (what was said together counts once), and since when it has only failed. */
  tally(query: { receiverId: string; sinceMs: number }): {
    sent: number;
    oldestSentAtMs: number | null;
    failingSinceMs: number | null;
  };
  /** True only if the lease is still ours. */
  markDone(
    id: string,
    by: string,
    nowMs: number,
    note: { thread?: Record<string, unknown>; text?: string },
  ): boolean;
  /** Many at once, in one transaction: how a mass mailing costs tens of commits and not thousands. */
  markAllDone(
    done: { id: string; note: { thread?: Record<string, unknown>; text?: string } }[],
    by: string,
    nowMs: number,
  ): number;
  markRetry(id: string, by: string, nextAtMs: number, error: string): boolean;
  markDead(id: string, by: string, nowMs: number, reason: string): boolean;
  /** Expands events into deliveries where the receivers were too many for the event's own transaction. */
  expand(query: { nowMs: number; limit: number }): number;
  release(by: string): void;
  /** Delivery log, newest first, with the reason for every decision not to send. */
  log(query: { receiverId?: string; incidentId?: string; limit: number }): DeliveryLine[];
  /** Drops or replaces what is obsolete (a "down" whose incident ended). */
  supersede(query: { receiverId: string; incidentId: string; nowMs: number; reason: string }): number;
  pending(nowMs: number): { due: number; oldestDueAtMs: number | null; dead: number };
}

export interface DeliveryLine {
  atMs: number;
  deliveryId: string | null;
  eventId: string;
  receiverId: string;
  what: 'queued' | 'sent' | 'retry' | 'dead' | 'not_sent' | 'superseded';
  text: string;
}

export interface Receiver {
  id: string;
  /** `operator` from configuration, `public` from a subscription. */
  origin: 'operator' | 'public';
  channel: string;
  /** Channel-specific settings; secrets inside are sealed. */
  settings: Record<string, unknown>;
  scope: string[];
  minImpact: string | null;
  kinds: string[];
  /** Only until this incident is over. */
  untilIncidentId: string | null;
  status: 'pending' | 'active' | 'disabled';
  createdAtMs: number;
  isMutedUntilMs: number | null;
}

export interface Ledger {
  /** Reserves before the call; refuses when any cap would be passed. */
  reserve(
    want: {
      id: string;
      atMs: number;
      gateway: string;
      usd: number;
      requests: number;
      purpose: 'calm' | 'suspicion';
    },
    caps: Caps,
  ): { ok: true } | { ok: false; reason: string };
  settle(id: string, usd: number, atMs: number): void;
  /** Reservations that never settled count at their reserved price. */
  spent(query: { fromMs: number; toMs: number; gateway?: string }): {
    usd: number;
    requests: number;
    reservedUsd: number;
  };
  months(): { month: string; gateway: string; usd: number; requests: number }[];
  days(query: {
    fromMs: number;
    toMs: number;
  }): { dayMs: number; gateway: string; usd: number; requests: number }[];
}

export interface Caps {
  usdPerDay: number;
  usdPerMonth: number;
  requestsPerDay: number;
  perGateway: Record<string, { usdPerDay?: number; usdPerMonth?: number; requestsPerDay?: number }>;
  /** Share of the day's budget kept for suspicion. */
  reserveShare: number;
}

export interface People {
  receivers(origin?: Receiver['origin']): Receiver[];
  receiver(id: string): Receiver | null;
  saveReceivers(origin: 'operator', receivers: Receiver[]): void;
  addReceiver(receiver: Receiver): void;
  changeReceiver(id: string, change: Partial<Omit<Receiver, 'id'>> | 'delete'): boolean;
  /** Single-use tokens by their SHA-256 (confirm, manage, session, api key). */
  putToken(token: {
    hash: string;
    purpose: string;
    subject: string;
    expiresAtMs: number | null;
    scopes: string[];
  }): void;
  takeToken(
    hash: string,
    purpose: string,
    nowMs: number,
    isConsumed: boolean,
  ): { subject: string; scopes: string[] } | null;
  dropTokens(purpose: string, subject: string): number;
  /** What a person asks the worker to do; the worker claims and carries out. */
  ask(intent: { id: string; kind: string; body: Record<string, unknown>; by: string; atMs: number }): void;
  claimIntents(
    limit: number,
    nowMs: number,
  ): { id: string; kind: string; body: Record<string, unknown>; by: string; atMs: number }[];
}

/** How a gateway calls one look, kept as evidence: those that went well for some days, the others for a month. */
export type Generation = Extract<Found, { kind: 'generation' }>;

export interface Catalog {
  /** Each with the instant its figures were last read. */
  endpoints(query: { gateway: string; model?: string }): EndpointFact[];
  models(gateway: string): import('./core/plan.ts').ModelFact[];
  providers(gateway: string): import('./core/plan.ts').ProviderFact[];
  notices(query: {
    page?: string;
    activeOnly: boolean;
    limit: number;
  }): (import('./core/plan.ts').NoticeFact & { page: string })[];
  /** `page` is the gateway or provider an official page speaks for; `reported:openrouter` what a gateway says of its providers. */
  claims(): { page: string; atMs: number; claims: import('./core/observation.ts').Claim[] }[];
  account(id: string): (import('./core/plan.ts').AccountFound & { atMs: number }) | null;
  /** Of an address of the owner's own, by its name, as last seen; an end that was seen once stays known. */
  certificate(name: string): (import('./core/plan.ts').CertificateFound & { atMs: number }) | null;
  /** The last comparison of everybody who serves a model. */
  drift(query: { gateway: string; model: string }): { atMs: number; asked: DriftKnown[] } | null;
  /** What the far sides last said our keys may still ask, by the key of the looks that were told. */
  limits(): Map<string, LimitsKnown>;
  /** The gateways' own names for calls of some targets and what their records say, newest first. */
  generations(query: { targetKeys: string[]; fromMs: number; toMs: number; limit: number }): Generation[];
}

export interface Upkeep {
  /**
   * The worker's heartbeat: renews freshness; `generated_at` of the feed. Also notices a disk that is full or free again
   * (`isDiskFull` among the facts while no look is kept), and throws with the code `gone` when the database is no longer where it was opened.
   */
  beat(beat: { atMs: number; startedAtMs: number; vantage: string; facts: Record<string, unknown> }): void;
  lastBeat(): { atMs: number; startedAtMs: number; vantage: string; facts: Record<string, unknown> } | null;
  /** Changes whenever anything was written by another connection. Cheap: asked every 25 ms. */
  dataVersion(): number;
  /** Leader lease: one worker only. */
  lease(by: string, nowMs: number, ttlMs: number): boolean;
  /** One slice of some milliseconds; all zero when nothing is left to do. Queries are exact without it, only slower. */
  rollUp(nowMs: number): { minutes: number; hours: number; days: number };
  /** Takes over whole hours that were counted elsewhere; an hour that is already there is replaced. Returns how many. */
  importPast(past: Past): number;
  /** Deletes one small slice; true while there is more. */
  prune(
    nowMs: number,
    keep: { rawMs: number; minutesMs: number; hoursMs: number; daysMs: number | null },
  ): boolean;
  note(key: string, value: string | null): void;
  noted(key: string): string | null;
  /** Consistent verified copy, encrypted where a key is given. */
  backup(toPath: string, key?: Uint8Array): Promise<{ bytes: number; looks: number; sha256: string }>;
}

/** A past that was not looked at by this database: imported from elsewhere, or made up for the demo. */
export interface Past {
  series: PastSeries[];
  /** From then on a component (`kind:id`) or a route (target id) had this verdict. */
  verdicts: { key: string; atMs: number; verdict: import('./core/words.ts').Verdict }[];
  /** When somebody was watching: outside of it nothing is known. */
  watched: { vantage: string; fromMs: number; toMs: number }[];
}

export interface PastSeries {
  probe: Observation['probe'];
  target: Observation['target'];
  vantage: string;
  slotMs: number;
  /** In order of time. */
  hours: PastHour[];
}

export interface PastHour {
  hourMs: number;
  /** Outcome class → slots. */
  classes: Record<string, number>;
  firstTokenMs: number[];
  totalMs: number[];
  worstGapMs: number[];
  tokensPerSecond: number[];
  costUsd: number;
}
