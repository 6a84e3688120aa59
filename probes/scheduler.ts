import { isPaid } from '#lib/core/budget.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Ask } from '#lib/core/plan.ts';
import { firstSlot, slotAt, slotStartMs, slotsSince, spreadMs } from '#lib/core/schedule.ts';
import { type AskLane, createAskLane } from './asks.ts';
import type { Gates } from './gates.ts';
import type { Grants } from './grants.ts';
import { Heap } from './heap.ts';
import type { Missed } from './messages.ts';
import { planOf, type Run, startsOnSlot, startWithinMs, type TargetPlan } from './plan-of-target.ts';

/**
 * A heap of instants and one timer. Slots are `epoch + phase + n × interval`; a target is never looked at twice at
 * once; a slot that was not run is said to be missed, with its reason.
 */

export interface SchedulerIo {
  vantage: string;
  nowMs(): number;
  gates: Gates;
  grants: Grants;
  /** Makes the look; whoever makes it calls `done`. */
  start(run: Run): void;
  missed(missed: Missed): void;
  /** Sets the one timer. */
  wakeAt(atMs: number): void;
}

export interface Entry {
  dueMs: number;
  key: string;
  kind: 'reserve' | 'slot' | 'ask' | 'faster';
  generation: number;
  slot: number;
  ask: Ask['why'] | null;
}

/** Paid looks are reserved this long before their slot. */
const reserveAheadMs = 2_000;
/** A look that found no room this long after its slot is missed. */
const patienceMs = 10_000;
const missedLimit = 200;

export class Scheduler {
  readonly targets = new Map<string, TargetPlan>();
  private readonly heap = new Heap<Entry>();
  private readonly io: SchedulerIo;
  private readonly asks: AskLane;
  private heldUntilMs = 0;
  private held: (() => void)[] = [];
  private wokenAtMs = Number.POSITIVE_INFINITY;
  private isStopped = false;

  constructor(io: SchedulerIo) {
    this.io = io;
    this.asks = createAskLane({
      nowMs: () => io.nowMs(),
      push: (entry) => this.push(entry),
      run: (plan, why, dueMs, wantId) => this.launch(plan, { lane: 'ask', why, slot: null, dueMs, wantId }),
      grants: io.grants,
    });
  }

  get queueLength(): number {
    return this.heap.size;
  }

  setFleet(watched: readonly Watched[], lastSeenAt: ReadonlyMap<string, number>): void {
    const wanted = new Set(watched.map((w) => w.key));
    for (const [key, plan] of this.targets) {
      if (wanted.has(key)) continue;
      this.forgetReservation(plan);
      this.targets.delete(key);
    }
    const now = this.io.nowMs();
    for (const w of watched) {
      const known = this.targets.get(w.key);
      if (!known) {
        const plan = planOf(w, this.io.vantage);
        plan.lastStartMs = lastSeenAt.get(w.key) ?? null;
        this.targets.set(w.key, plan);
        this.begin(plan, now);
      } else if (known.watched.everyMs === w.everyMs) {
        known.watched = w;
      } else {
        // Slots of another interval are numbered otherwise.
        known.watched = w;
        known.grid = planOf(w, this.io.vantage).grid;
        known.doneSlot = Number.NEGATIVE_INFINITY;
        this.begin(known, now);
      }
    }
    this.drain();
  }

  ask(asks: readonly Ask[]): void {
    for (const ask of asks) {
      const plan = this.targets.get(ask.targetKey);
      if (plan) this.asks.add(plan, ask);
    }
    this.drain();
  }

  /** Somebody asked by hand: now, whatever was planned. */
  lookNow(keys: readonly string[]): void {
    for (const key of keys) {
      const plan = this.targets.get(key);
      if (!plan || plan.inFlight.ask) continue;
      this.launch(plan, { lane: 'ask', why: 'manual', slot: null, dueMs: this.io.nowMs(), wantId: null });
    }
  }

  /** The look ended. */
  done(run: Run): void {
    const plan = this.targets.get(run.watched.key);
    if (plan) plan.inFlight[run.lane] = false;
    this.io.gates.leave((plan ?? planOf(run.watched, this.io.vantage)).passage);
  }

  /** The far side asked for patience: the paid looks of this route wait, at most ten minutes. */
  postpone(key: string, untilMs: number): void {
    const plan = this.targets.get(key);
    if (plan && isPaid(plan.watched)) plan.postponedUntilMs = Math.max(plan.postponedUntilMs, untilMs);
  }

  /** After a pause every slot meanwhile is missed (`reason`), after a step of the clock none is; the grid is entered anew. */
  rephase(reason: string | null): void {
    const now = this.io.nowMs();
    this.heap.clear();
    for (const plan of this.targets.values()) {
      if (reason === null) {
        plan.doneSlot = Number.NEGATIVE_INFINITY;
        if (plan.lastStartMs !== null && plan.lastStartMs > now) plan.lastStartMs = null;
      } else if (Number.isFinite(plan.doneSlot)) {
        this.missUpTo(plan, slotAt(plan.grid, now) - 1, reason);
      }
      plan.asked.clear();
      plan.faster = null;
      this.begin(plan, now);
    }
    this.drain();
  }

  /** Until the controls have answered, nothing else is looked at. */
  hold(untilMs: number): void {
    this.heldUntilMs = untilMs;
  }

  release(): void {
    this.heldUntilMs = 0;
    const { held } = this;
    this.held = [];
    for (const go of held) go();
  }

  isHeld(): boolean {
    return this.heldUntilMs > this.io.nowMs();
  }

  stop(): void {
    this.isStopped = true;
    for (const plan of this.targets.values()) this.forgetReservation(plan);
    this.heap.clear();
    this.held = [];
  }

  /** Everything that is due, then the timer for what comes next. */
  drain(): void {
    if (this.isStopped) return;
    const now = this.io.nowMs();
    if (this.held.length > 0 && !this.isHeld()) this.release();
    this.io.gates.expire(now);
    this.io.grants.expire(now);
    for (let top = this.heap.peek(); top && top.dueMs <= now; top = this.heap.peek()) {
      this.heap.pop();
      this.handle(top, now);
    }
    const next = Math.min(this.heap.peek()?.dueMs ?? Number.POSITIVE_INFINITY, now + 1_000);
    this.wokenAtMs = next;
    this.io.wakeAt(next);
  }

  private push(entry: Entry): void {
    this.heap.push(entry);
    if (entry.dueMs >= this.wokenAtMs || this.isStopped) return;
    this.wokenAtMs = entry.dueMs;
    this.io.wakeAt(entry.dueMs);
  }

  private handle(entry: Entry, now: number): void {
    const plan = this.targets.get(entry.key);
    if (!plan) return;
    if (entry.kind === 'ask') this.asks.due(plan, entry, now);
    else if (entry.kind === 'faster') this.asks.fasterDue(plan, entry, now);
    else if (entry.generation !== plan.generation) return;
    else if (entry.kind === 'slot') this.slotDue(plan, entry, now);
    else plan.wantId = this.io.grants.ask(entry.key, Math.max(now, entry.dueMs), 'calm');
  }

  /** Enters the grid: with the present slot if nobody looked during it, spread over the first seconds. */
  private begin(plan: TargetPlan, now: number): void {
    this.forgetReservation(plan);
    plan.generation += 1;
    const paid = isPaid(plan.watched);
    const first = Math.max(firstSlot(plan.grid, now, plan.lastStartMs), plan.doneSlot + 1);
    const spread = now + spreadMs(plan.watched.key, startWithinMs(plan.watched, paid));
    const isPresent = slotStartMs(plan.grid, first) <= now && !startsOnSlot(plan.watched);
    // So close to the next slot that the two would meet: that one is looked at instead.
    const isCaughtUp =
      isPresent && slotStartMs(plan.grid, first + 1) > spread + Math.min(5_000, plan.grid.everyMs / 4);
    const isGone = !isCaughtUp && slotStartMs(plan.grid, first) <= now;
    const slot = isGone ? first + 1 : first;
    plan.doneSlot = slot - 1;
    this.scheduleSlot(plan, slot, isCaughtUp ? spread : slotStartMs(plan.grid, slot));
  }

  private scheduleSlot(plan: TargetPlan, slot: number, dueMs: number): void {
    const { key } = plan.watched;
    const { generation } = plan;
    if (isPaid(plan.watched)) {
      this.push({ dueMs: dueMs - reserveAheadMs, key, kind: 'reserve', generation, slot, ask: null });
    }
    this.push({ dueMs, key, kind: 'slot', generation, slot, ask: null });
  }

  private slotDue(plan: TargetPlan, entry: Entry, now: number): void {
    const present = slotAt(plan.grid, now);
    const slot = Math.max(entry.slot, present);
    // The loop was late by whole slots: they are gone, the present one is run.
    if (slot > entry.slot) this.missUpTo(plan, slot - 1, 'late');
    const wantId = plan.wantId;
    plan.wantId = null;
    plan.doneSlot = slot;
    this.scheduleSlot(plan, slot + 1, slotStartMs(plan.grid, slot + 1));
    const dueMs = slot === entry.slot ? entry.dueMs : slotStartMs(plan.grid, slot);
    if (plan.inFlight.slot) this.miss(plan, slot, now, 'overlap', wantId);
    else if (plan.postponedUntilMs > now) this.miss(plan, slot, now, 'limited', wantId);
    else this.launch(plan, { lane: 'slot', why: 'slot', slot, dueMs, wantId });
  }

  /** Hold, ledger, room: in this order, because room taken while waiting for the ledger would be lost to others. */
  private launch(plan: TargetPlan, run: Omit<Run, 'watched'>): void {
    plan.inFlight[run.lane] = true;
    if (this.isHeld() && plan.watched.probe !== 'control') {
      this.held.push(() => this.launch(plan, run));
      return;
    }
    const untilMs = run.dueMs + Math.min(patienceMs, Math.max(1_000, plan.watched.everyMs / 2));
    const fail = (reason: string) => {
      plan.inFlight[run.lane] = false;
      if (run.slot !== null) this.miss(plan, run.slot, this.io.nowMs(), reason, null);
    };
    const enter = () =>
      this.io.gates.enter(
        plan.passage,
        untilMs,
        () => this.go(plan, run),
        () => {
          if (run.wantId) this.io.grants.giveBack(run.wantId);
          fail('crowded');
        },
      );
    if (!isPaid(plan.watched)) {
      enter();
      return;
    }
    const wantId = run.wantId ?? this.io.grants.ask(plan.watched.key, this.io.nowMs(), purposeOf(run));
    run.wantId = wantId;
    this.io.grants.use(wantId, Math.max(untilMs, this.io.nowMs() + 1_000), enter, fail);
  }

  private go(plan: TargetPlan, run: Omit<Run, 'watched'>): void {
    plan.lastStartMs = this.io.nowMs();
    this.io.start({ ...run, watched: plan.watched });
  }

  private miss(plan: TargetPlan, slot: number, atMs: number, reason: string, wantId: string | null): void {
    if (wantId) this.io.grants.giveBack(wantId);
    this.io.missed({ targetKey: plan.watched.key, slot, atMs, reason });
  }

  private missUpTo(plan: TargetPlan, lastSlot: number, reason: string): void {
    const until = slotStartMs(plan.grid, lastSlot);
    for (const slot of slotsSince(plan.grid, plan.doneSlot, until, missedLimit)) {
      this.miss(plan, slot, slotStartMs(plan.grid, slot), reason, null);
    }
    plan.doneSlot = Math.max(plan.doneSlot, lastSlot);
  }

  private forgetReservation(plan: TargetPlan): void {
    if (plan.wantId) this.io.grants.giveBack(plan.wantId);
    plan.wantId = null;
  }
}

function purposeOf(run: Omit<Run, 'watched'>): 'calm' | 'suspicion' {
  return run.why === 'slot' ? 'calm' : 'suspicion';
}
