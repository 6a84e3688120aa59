import { isPaid } from '#lib/core/budget.ts';
import type { Fleet, Watched } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { Found, Plan, Seen } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { createBanker } from './banker.ts';
import { catalogNews } from './catalog-news.ts';
import type { Deciding, DecidingIo } from './deciding-io.ts';
import { capsOf, createFleetKeeper } from './fleet-keeper.ts';
import { withHandEdits } from './hand-edits.ts';
import { beatEveryMs } from './heartbeat.ts';
import { carryOut } from './intents.ts';
import { createMaintenance } from './maintenance.ts';
import type { LookingFacts, Missed, Settlement, ToDeciding } from './messages.ts';
import { memoryUsage } from './own-memory.ts';
import { pushesOf } from './pushes.ts';
import { createRecorder } from './recorder.ts';
import { createReportedFall } from './reported-fall.ts';
import { firstTokensOf } from './route-history.ts';
import { startLines } from './start-lines.ts';

/** The deciding side: it alone writes. What it decides it asks the looking side to look at; what may be spent it grants. */

const isCatalogue = ({ kind }: Found) => kind === 'models' || kind === 'endpoints' || kind === 'providers';
const secondMs = 1_000;
const intentsEveryMs = 250;
const repaceEveryMs = 10 * 60_000;
const rebuildAfterMs = 1_000;

export function createDeciding(io: DecidingIo): Deciding {
  const { store } = io;
  const core = withHandEdits(io.core, store);
  let { loaded } = io;
  let looking: LookingFacts | null = null;
  let unsettled: Settlement[] = [];
  let rebuildTimer: NodeJS.Timeout | null = null;
  let hasSaidCost = false;
  let canary: Watched | null = null;
  const timers: NodeJS.Timeout[] = [];
  const keeper = createFleetKeeper(store, io.build);
  const fall = createReportedFall();
  const banker = createBanker(store.ledger, capsOf(loaded.config));
  const recorder = createRecorder({
    store,
    core,
    nowMs: io.nowMs,
    address,
    news: (found, atMs) => catalogNews(store.catalog, found, atMs, isWatchedModel),
    asks: (asks) => io.post({ type: 'asks', asks }),
    found: onFound,
    recorded: (o) => {
      const asks = fall.hear(o, keeper.fleet().watched, io.nowMs());
      if (asks.length > 0) io.post({ type: 'asks', asks });
    },
    complain: io.complain,
    mayWrite,
    poke: io.poke,
  });
  const maintenance = createMaintenance({ ...io, config: loaded.config });
  const intents = {
    store,
    nowMs: io.nowMs,
    lookNow: (targetKeys: string[]) => io.post({ type: 'look_now', targetKeys }),
    poke: io.poke,
    subscribe: io.subscribe,
    record: (observations: Observation[]) =>
      recorder.add(
        observations.map((observation) => ({ observation, found: [] })),
        [],
      ),
    push: tellPushes,
    complain: io.complain,
  };

  function mayWrite(): boolean {
    if (io.leadership.holds()) return true;
    io.deposed();
    return false;
  }

  /** Who is told is decided with the event, and written with it. */
  function address(plan: Plan): Plan {
    if (plan.events.length === 0 || plan.deliveries) return plan;
    const incident = (id: string) => plan.incidents.find((one) => one.id === id) ?? store.incidents.get(id);
    const own = plan.events.some(({ data }) => data.name === 'canary') ? (io.canary?.() ?? null) : null;
    const receivers = store.people.receivers('operator');
    const deliveries = addressEvents(plan.events, own ? [...receivers, own] : receivers, {
      nowMs: io.nowMs(),
      incident,
    });
    return { ...plan, deliveries };
  }

  function onFound(found: Found[]): void {
    for (const one of found) {
      const isFreeTier = one.kind === 'account' ? one.facts.isFreeTier : null;
      const isNews =
        one.kind === 'account'
          ? isFreeTier !== null && banker.setFreeTier(one.account, isFreeTier)
          : isCatalogue(one);
      if (isNews) rebuildTimer ??= setTimeout(rebuildSoon, rebuildAfterMs);
    }
  }

  function tellPushes(name: string | null): void {
    for (const message of pushesOf(store, keeper.fleet().watched, name)) io.post(message);
  }

  function tellHistory(): void {
    const routes = keeper.fleet().watched.filter((w) => w.probe === 'completion');
    const firstTokens = firstTokensOf(store, routes);
    if (firstTokens.size > 0) io.post({ type: 'history', firstTokens });
  }

  /** Known before the first account look of this start: the first calls are already the owner's. */
  function recallFreeTier(): void {
    for (const gateway of new Set(keeper.fleet().watched.map((w) => w.target.gateway))) {
      const isFreeTier = gateway === null ? null : (store.catalog.account(gateway)?.isFreeTier ?? null);
      if (gateway !== null && isFreeTier !== null) banker.setFreeTier(gateway, isFreeTier);
    }
  }

  function isWatchedModel(gateway: string, model: string): boolean {
    return keeper.fleet().watched.some(({ target }) => target.gateway === gateway && target.model === model);
  }

  /** A store that is locked just now keeps the fleet as it is; a moment later it is built all the same. */
  function rebuildSoon(): void {
    rebuildTimer = null;
    try {
      applyFleet();
    } catch {
      rebuildTimer = setTimeout(rebuildSoon, rebuildAfterMs);
    }
  }

  function sayWhatIsWatched(): void {
    const { watched } = keeper.fleet();
    hasSaidCost = watched.some(isPaid);
    for (const line of startLines(loaded, watched, keeper.remarks(), keeper.stretch())) io.say(line);
  }

  function applyFleet(isForced = false): boolean {
    const nowMs = io.nowMs();
    const isChanged = keeper.rebuild(loaded, nowMs, banker.caps());
    if (!isChanged && !isForced) return false;
    const { watched } = keeper.fleet();
    banker.setFleet(watched);
    tellFleet(nowMs);
    // The default routes are chosen a few seconds after the start: what they cost is said then.
    if (isChanged && !isForced && !hasSaidCost && watched.some(isPaid)) sayWhatIsWatched();
    return isChanged;
  }

  function tellFleet(nowMs: number): void {
    const fleet = keeper.fleet();
    const all: Fleet = canary ? { ...fleet, watched: [...fleet.watched, canary] } : fleet;
    core.setFleet(all, nowMs);
    const { after, times } = loaded.config.confirm;
    io.post({
      type: 'fleet',
      watched: all.watched,
      keys: keeper.keys(),
      lastSeenAt: store.looks.lastSeenAt(),
      confirm: { afterMs: after, times },
    });
  }

  /** Looks at our own test target are judged with the others and kept nowhere. */
  function hear(seen: Seen[], missed: Missed[]): void {
    const isOwn = ({ observation }: Seen) => observation.probe === 'canary';
    recorder.add(
      seen.filter((one) => !isOwn(one)),
      missed.filter((one) => one.targetKey !== canary?.key),
    );
    for (const { observation } of seen.filter(isOwn)) recorder.judge(observation);
  }

  function settle(settled: Settlement[]): void {
    unsettled.push(...settled);
    if (unsettled.length === 0) return;
    try {
      banker.settle(unsettled, io.nowMs());
      unsettled = [];
    } catch {
      // What stays unsettled counts at its reserved price meanwhile: no spend is forgotten.
    }
  }

  function grant(message: Extract<ToDeciding, { type: 'want' }>): void {
    if (!mayWrite()) return;
    try {
      io.post({ type: 'grants', ...banker.answer(message.wants, io.nowMs()) });
    } catch {
      const reason = 'the ledger cannot be written';
      io.post({ type: 'grants', granted: [], refused: message.wants.map(({ id }) => ({ id, reason })) });
    }
  }

  function passSecond(): void {
    if (!mayWrite()) return;
    try {
      maintenance.tick(io.nowMs());
    } catch {
      // A locked store: the same windows are said a second later.
    }
    recorder.advance();
  }

  function beat(): void {
    try {
      if (!io.leadership.renew()) {
        io.deposed();
        return;
      }
      io.leadership.beat(facts());
      io.stalls.resetMax();
    } catch {
      // A store that cannot be written has its own complaint; the missing beat is what readers see.
    }
  }

  function facts(): Record<string, unknown> {
    return {
      looking,
      recorder: recorder.facts(),
      budget: banker.facts(io.nowMs()),
      paid: keeper.fleet().watched.filter(isPaid).length,
      stretch: keeper.stretch(),
      ...memoryUsage(),
      deliveries: io.deliveries?.() ?? null,
      maxStallMs: Math.round(io.stalls.max()),
      pid: process.pid,
    };
  }

  return {
    facts,
    start() {
      keeper.rebuild(loaded, io.nowMs());
      recallFreeTier();
      applyFleet(true);
      banker.recall(store.upkeep.lastBeat()?.facts.budget);
      core.restore(store, io.nowMs());
      beat();
      tellHistory();
      tellPushes(null);
      sayWhatIsWatched();
      timers.push(
        setInterval(passSecond, secondMs),
        setInterval(beat, beatEveryMs),
        setInterval(() => mayWrite() && carryOut(intents), intentsEveryMs),
        setInterval(rebuildSoon, repaceEveryMs),
      );
    },
    receive(message) {
      switch (message.type) {
        case 'seen':
          hear(message.seen, message.missed);
          return settle(message.settled);
        case 'want':
          return grant(message);
        case 'facts':
          looking = message.facts;
          return;
        case 'discontinuity':
          io.complain(
            `Time did not pass as it should (${message.kind}, ${Math.round(message.lostMs)} ms): checks start anew.`,
          );
          // A pause takes nothing away from what is known; on another clock everything known has other instants.
          if (message.kind !== 'paused') core.restore(store, io.nowMs());
          return;
        case 'ready':
        case 'stopped':
          return;
        default:
          message satisfies never;
      }
    },
    setConfig(next) {
      loaded = next;
      banker.setCaps(capsOf(next.config));
      core.setConfig(next);
      maintenance.setConfig(next.config);
      rebuildSoon();
    },
    watchCanary(watched) {
      canary = watched;
      tellFleet(io.nowMs());
      // It begins by going down: the first alarm of a start comes back within seconds.
      if (canary) io.post({ type: 'look_now', targetKeys: [canary.key] });
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
      recorder.flush();
      recorder.stop();
      // After the last batch, because that may have found something too.
      if (rebuildTimer) clearTimeout(rebuildTimer);
      settle([]);
      io.leadership.release();
    },
  };
}
