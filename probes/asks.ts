import { isPaid } from '#lib/core/budget.ts';
import type { Why } from '#lib/core/observation.ts';
import type { Ask } from '#lib/core/plan.ts';
import type { Grants } from './grants.ts';
import type { TargetPlan } from './plan-of-target.ts';
import type { Entry } from './scheduler.ts';

/** Looks that somebody wants soon, beside the slots: confirmations, neighbours, trials, and the faster pace of an incident. */

export interface AskLane {
  add(plan: TargetPlan, ask: Ask): void;
  due(plan: TargetPlan, entry: Entry, nowMs: number): void;
  fasterDue(plan: TargetPlan, entry: Entry, nowMs: number): void;
}

interface AskIo {
  nowMs(): number;
  push(entry: Entry): void;
  run(plan: TargetPlan, why: Why, dueMs: number, wantId: string | null): void;
  grants: Grants;
}

/** Looks that are to count as several must be this far apart. */
const apartMs = 1_500;
const busyRetryMs = 250;
/** An ask that could not be run this long is no longer what was asked for. */
const staleMs = 15_000;

export function createAskLane(io: AskIo): AskLane {
  let fasterId = 0;

  const soon = (plan: TargetPlan, why: Ask['why'], dueMs: number, firstDueMs: number) =>
    io.push({ dueMs, key: plan.watched.key, kind: 'ask', generation: 0, slot: firstDueMs, ask: why });

  const addFaster = (plan: TargetPlan, ask: Ask, everyMs: number) => {
    const now = io.nowMs();
    const untilMs = ask.untilMs ?? now + 60_000;
    const why = ask.why === 'slot' ? 'trial' : ask.why;
    if (plan.faster && plan.faster.everyMs === everyMs) {
      plan.faster.untilMs = Math.max(plan.faster.untilMs, untilMs);
      return;
    }
    // A quicker pace runs to its end; the slower one is asked for again.
    if (plan.faster && plan.faster.everyMs < everyMs && plan.faster.untilMs > now) return;
    plan.faster = { everyMs, untilMs, why, id: ++fasterId };
    const dueMs = Math.max(ask.notBeforeMs, (plan.lastStartMs ?? 0) + everyMs, now);
    io.push({ dueMs, key: plan.watched.key, kind: 'faster', generation: fasterId, slot: 0, ask: null });
  };

  return {
    add(plan, ask) {
      if (ask.everyMs !== null) return addFaster(plan, ask, Math.max(1_000, ask.everyMs));
      const why = ask.why === 'slot' ? 'trial' : ask.why;
      const dueMs = Math.max(ask.notBeforeMs, io.nowMs());
      const pending = plan.asked.get(why);
      if (pending !== undefined && pending <= dueMs) return;
      plan.asked.set(why, dueMs);
      soon(plan, why, dueMs, dueMs);
    },

    due(plan, entry, now) {
      const why = entry.ask;
      if (!why || plan.asked.get(why) !== entry.slot) return;
      if (now - entry.slot > staleMs) {
        plan.asked.delete(why);
        return;
      }
      // A trial or a neighbour that has just been looked at has its answer; a confirmation needs a look of its own.
      const since = now - (plan.lastStartMs ?? Number.NEGATIVE_INFINITY);
      if (why !== 'confirm' && since < apartMs) {
        plan.asked.delete(why);
        return;
      }
      if (plan.inFlight.ask || since < apartMs) {
        soon(plan, why, now + (plan.inFlight.ask ? busyRetryMs : apartMs - since), entry.slot);
        return;
      }
      plan.asked.delete(why);
      if (plan.postponedUntilMs > now && isPaid(plan.watched)) return;
      io.run(plan, why, now, null);
    },

    fasterDue(plan, entry, now) {
      const { faster } = plan;
      if (!faster || faster.id !== entry.generation) return;
      if (now >= faster.untilMs || faster.everyMs >= plan.watched.everyMs) {
        plan.faster = null;
        return;
      }
      const since = now - (plan.lastStartMs ?? 0);
      const isFree = !plan.inFlight.ask && !plan.inFlight.slot && plan.postponedUntilMs <= now;
      // A slot's own look in between counts: the pace is what was asked for, not more looks.
      const isDue = since >= faster.everyMs * 0.9;
      io.push({ ...entry, dueMs: isDue ? now + faster.everyMs : (plan.lastStartMs ?? now) + faster.everyMs });
      if (isDue && isFree) io.run(plan, faster.why, now, null);
    },
  };
}
