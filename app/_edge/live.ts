import { randomBytes } from 'node:crypto';
import { publishable } from '#lib/core/feed-expire.ts';
import { type FeedFacts, noFacts, type Planned } from '#lib/core/feed-facts.ts';
import { windowsMs } from '#lib/core/feed-query.ts';
import type { Chain, Watched } from '#lib/core/fleet.ts';
import type { EndpointFact } from '#lib/core/plan.ts';
import type { FeedChange, Store } from '#lib/store.ts';

const watchMs = 25;
const togetherMs = 250;
const quietReloadMs = 1_000;
const statisticsMs = 10_000;
const catalogMs = 60_000;
const abilitiesMs = 30_000;
const mostAbilities = 500;
const keptChanges = 5_000;
const keptThings = 20_000;

export interface Changed {
  /** Feed changes since the last time, in order; empty when only figures moved. */
  changes: FeedChange[];
  /** The expiry came or went, or the numbering began again: whoever follows needs a whole picture. */
  isWhole: boolean;
}

/**
 * The store's present, held in memory. The store is read when it changes, not when somebody asks; the first change is
 * taken over at once, further ones within a quarter of a second together.
 */
export class Live {
  #store: Store;
  #nowMs: () => number;
  #chains: Chain[];
  #raw: FeedFacts = noFacts;
  #published: FeedFacts = noFacts;
  #dataVersion: number | null = null;
  #loadedAtMs = 0;
  #statisticsAtMs = 0;
  #catalogAtMs = 0;
  #abilitiesAtMs = 0;
  #endpoints = new Map<string, EndpointFact[]>();
  /** The last change of each thing readers hear of. */
  #lastChange = new Map<string, FeedChange>();
  #timer: NodeJS.Timeout | null = null;
  #listeners = new Set<(changed: Changed) => void>();
  #planned: () => readonly Planned[];
  #onError: (error: unknown) => void;
  /** Tells this process's counters from another's. */
  readonly word = randomBytes(6).toString('base64url');
  /** Moves with everything that a document shows, the heartbeat too. */
  version = 0;
  /** Moves when a decision, an incident or the expiry changed. */
  substance = 0;
  /** Moves when the windows' figures were read anew. */
  statistics = 0;
  /** Every change after this position is known in memory. */
  knownSince = 0;
  /** Why the store cannot be read right now, or null. */
  trouble: string | null = null;

  constructor(
    store: Store,
    options: {
      nowMs: () => number;
      chains: Chain[];
      planned?: () => readonly Planned[];
      onError: (error: unknown) => void;
    },
  ) {
    this.#store = store;
    this.#nowMs = options.nowMs;
    this.#chains = options.chains;
    this.#planned = options.planned ?? (() => []);
    this.#onError = options.onError;
  }

  facts(): FeedFacts {
    return this.#published;
  }

  /** Seq of the last change of a target, or the position this process began at. */
  changedSeq(targetId: string): number {
    return this.#lastChange.get(`target ${targetId}`)?.seq ?? this.knownSince;
  }

  /** What changed after a position, each thing once, in order of its last change. */
  changedAfter(seq: number): FeedChange[] {
    return [...this.#lastChange.values()].filter((one) => one.seq > seq).sort((a, b) => a.seq - b.seq);
  }

  onChange(listener: (changed: Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another list of chains: pages and documents are made anew. */
  takeChains(chains: Chain[]): void {
    this.#chains = chains;
    this.#raw = { ...this.#raw, chains };
    this.substance += 1;
    this.#publish([], true);
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), watchMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#listeners.clear();
  }

  /** One glance at the store; public so that a test need not wait for the timer. */
  look(): void {
    try {
      this.#glance();
      this.trouble = null;
    } catch (error) {
      // A locked or vanished store must not take the pages down: the last picture stays, and expires.
      if (this.trouble === null) this.#onError(error);
      this.trouble = error instanceof Error ? error.message : String(error);
      this.#checkExpiry();
    }
  }

  #glance(): void {
    const nowMs = this.#nowMs();
    const dataVersion = this.#store.upkeep.dataVersion();
    if (dataVersion === this.#dataVersion) {
      this.#checkExpiry();
      return;
    }
    const { epoch, seq } = this.#store.events.position();
    const isSubstance = epoch !== this.#raw.epoch || seq !== this.#raw.seq;
    const waitMs = isSubstance ? togetherMs : quietReloadMs;
    if (this.#dataVersion !== null && nowMs - this.#loadedAtMs < waitMs && nowMs >= this.#loadedAtMs) {
      this.#checkExpiry();
      return;
    }
    this.#dataVersion = dataVersion;
    this.#load(epoch, seq, nowMs);
  }

  #load(epoch: string, seq: number, nowMs: number): void {
    const isFirst = this.#raw === noFacts;
    const isRenumbered = !isFirst && epoch !== this.#raw.epoch;
    if (isFirst || isRenumbered || seq < this.#raw.seq) this.#begin(seq);
    const changes = this.#changesSince(isFirst || isRenumbered ? this.knownSince : this.#raw.seq);
    for (const change of changes) this.#note(change);
    const isNews = seq !== this.#raw.seq || isFirst || isRenumbered;
    if (isNews) this.#loadedAtMs = nowMs;
    const current = this.#store.looks.current();
    const beat = this.#store.upkeep.lastBeat();
    const routes = current.routes.filter((r) => !r.removed && r.target.model !== null);
    this.#readFigures(nowMs, [...new Set(routes.map((r) => `${r.target.gateway}|${r.target.model}`))]);
    if (isFirst || nowMs - this.#abilitiesAtMs >= abilitiesMs) this.#readAbilities(nowMs, current.fleet);
    this.#raw = {
      ...this.#raw,
      epoch,
      seq,
      beatMs: beat?.atMs ?? null,
      workerStartedAtMs: beat?.startedAtMs ?? null,
      vantage: beat?.vantage ?? null,
      components: current.components,
      routes: routes.sort((a, b) => (a.targetId < b.targetId ? -1 : 1)),
      guard: current.guard,
      fleet: current.fleet,
      incidents: this.#store.incidents.list({ isPublic: true, limit: 100 }),
      chains: this.#chains,
      endpoints: this.#endpoints,
    };
    this.#loadedAtMs = nowMs;
    if (isNews) this.substance += 1;
    this.#publish(isFirst ? [] : changes, isRenumbered);
  }

  /** Where and what, not the body; incidents come and go for years, so the oldest is let go. */
  #note(change: FeedChange): void {
    const key = `${change.kind === 'target_removed' ? 'target' : change.kind} ${change.id}`;
    this.#lastChange.delete(key);
    this.#lastChange.set(key, { ...change, body: null });
    const [oldest] = this.#lastChange;
    if (this.#lastChange.size <= keptThings || !oldest) return;
    this.#lastChange.delete(oldest[0]);
    // Whoever is that far behind gets a whole picture.
    this.knownSince = Math.max(this.knownSince, oldest[1].seq);
  }

  /** After a start or a new numbering: as far back as the store still knows. */
  #begin(seq: number): void {
    this.#lastChange.clear();
    const from = Math.max(0, seq - keptChanges);
    this.knownSince = this.#store.events.changesAfter(from, 1) === 'gone' ? seq : from;
  }

  #changesSince(seq: number): FeedChange[] {
    const all: FeedChange[] = [];
    for (let from = seq; ; ) {
      const some = this.#store.events.changesAfter(from, 1_000);
      if (some === 'gone' || some.length === 0) return all;
      all.push(...some);
      from = some.at(-1)?.seq ?? from;
      if (some.length < 1_000) return all;
    }
  }

  #readFigures(nowMs: number, models: string[]): void {
    if (nowMs - this.#catalogAtMs >= catalogMs) {
      this.#catalogAtMs = nowMs;
      const pairs = models.map((pair) => [pair, pair.split('|') as [string, string]] as const);
      this.#endpoints = new Map(
        pairs.map(([pair, [gateway, model]]) => [pair, this.#store.catalog.endpoints({ gateway, model })]),
      );
    }
    if (nowMs - this.#statisticsAtMs < statisticsMs) return;
    this.#statisticsAtMs = nowMs;
    this.statistics += 1;
    this.#raw = {
      ...this.#raw,
      windows: this.#store.history.windows({ nowMs, windows: Object.values(windowsMs) }),
      claims: this.#store.catalog.claims(),
      limits: this.#store.catalog.limits(),
      planned: this.#planned(),
    };
  }

  /** Few and asked for seldom: what each series last showed. */
  #readAbilities(nowMs: number, fleet: Watched[]): void {
    this.#abilitiesAtMs = nowMs;
    const series = fleet.filter((watched) => watched.probe === 'capability').slice(0, mostAbilities);
    const abilities = new Map(
      series.map(({ key, everyMs }) => [
        key,
        { everyMs, looks: this.#store.looks.last(key, 3).map((look) => look.observation) },
      ]),
    );
    this.statistics += 1;
    this.#raw = { ...this.#raw, abilities };
  }

  #checkExpiry(): void {
    const wasExpired = this.#published.isExpired;
    const isExpired = publishable({ ...this.#raw, routes: [], components: [] }, this.#nowMs()).isExpired;
    if (wasExpired !== isExpired) this.#publish([], false);
  }

  #publish(changes: FeedChange[], isRenumbered: boolean): void {
    const wasExpired = this.#published.isExpired;
    this.#published = publishable(this.#raw, this.#nowMs());
    const isFlipped = wasExpired !== this.#published.isExpired;
    if (isFlipped) this.substance += 1;
    this.version += 1;
    const changed = { changes, isWhole: isFlipped || isRenumbered };
    for (const listener of this.#listeners) listener(changed);
  }
}
