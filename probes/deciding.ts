import { budgetWarning } from '#lib/core/budget-warning.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Plan, Seen } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import { type StoreTrouble, storeNotice } from '#lib/core/store-notice.ts';
import { mutesNow } from '#lib/ops/mute-scope.ts';
import { createBanker } from './banker.ts';
import { catalogNews } from './catalog-news.ts';
import type { Deciding, DecidingIo } from './deciding-io.ts';
import { createFirstWords } from './first-words.ts';
import { capsOf } from './fleet-keeper.ts';
import { withHandEdits } from './hand-edits.ts';
import { beatEveryMs } from './heartbeat.ts';
import { carryOut } from './intents.ts';
import { createMaintenance } from './maintenance.ts';
import type { LookingFacts, Missed, Settlement, ToDeciding } from './messages.ts';
import { memoryUsage } from './own-memory.ts';
import { createRecorder, isPassing } from './recorder.ts';
import { createReportedFall } from './reported-fall.ts';
import { createWatchedFleet } from './watched-fleet.ts';

/** The deciding side: it alone writes. What it decides it asks the looking side to look at; what may be spent it grants. */

const secondMs = 1_000;
const intentsEveryMs = 250;
const lockedPauseMs = 500;
const repaceEveryMs = 10 * 60_000;

export function createDeciding(io: DecidingIo): Deciding {
  const { store } = io;
  const core = withHandEdits(io.core, store);
  let { loaded } = io;
  let looking: LookingFacts | null = null;
  let unsettled: Settlement[] = [];
  let budgetTold = '';
  let lockedUntilMonoMs = 0;
  let isGone = false;
  let isFull = false;
  const timers: NodeJS.Timeout[] = [];
  const fall = createReportedFall();
  const firstWords = createFirstWords({ say: io.say, sites: () => loaded.config.controls.length });
  const banker = createBanker(store.ledger, capsOf(loaded.config));
  const fleet = createWatchedFleet({ ...io, core, banker, loaded: () => loaded });
  const recorder = createRecorder({
    store,
    core,
    nowMs: io.nowMs,
    address,
    news: (found, atMs) => catalogNews(store.catalog, found, atMs, fleet.isWatchedModel),
    asks: (asks) => io.post({ type: 'asks', asks }),
    found: fleet.hear,
    recorded: (o) => {
      firstWords.hear(o);
      const asks = fall.hear(o, fleet.fleet().watched, io.nowMs());
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
    push: fleet.tellPushes,
    complain: io.complain,
  };

  function mayWrite(): boolean {
    if (isGone || performance.now() < lockedUntilMonoMs) return false;
    try {
      if (io.leadership.holds()) return true;
    } catch (cause) {
      // Held by somebody for longer than the lease: nobody can write now, so nobody else leads either.
      if (!isPassing(cause)) throw cause;
      leaveAlone();
      return false;
    }
    io.deposed();
    return false;
  }

  /** Every attempt on a locked store costs this thread a quarter of a second: not one for each question. */
  function leaveAlone(): void {
    lockedUntilMonoMs = performance.now() + lockedPauseMs;
  }

  /** Who is told is decided with the event, and written with it. */
  function address(plan: Plan): Plan {
    if (plan.events.length === 0 || plan.deliveries) return plan;
    const incident = (id: string) => plan.incidents.find((one) => one.id === id) ?? store.incidents.get(id);
    const own = plan.events.some(({ data }) => data.name === 'canary') ? (io.canary?.() ?? null) : null;
    const receivers = store.people.receivers('operator');
    const nowMs = io.nowMs();
    const deliveries = addressEvents(plan.events, own ? [...receivers, own] : receivers, {
      nowMs,
      incident,
      mutes: mutesNow({ store, nowMs }),
      chains: loaded.config.chains,
    });
    return { ...plan, deliveries };
  }

  /** Looks at our own test target are judged with the others and kept nowhere. */
  function hear(seen: Seen[], missed: Missed[]): void {
    const isOwn = ({ observation }: Seen) => observation.probe === 'canary';
    recorder.add(
      seen.filter((one) => !isOwn(one)),
      missed.filter((one) => one.targetKey !== fleet.canary()?.key),
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
    try {
      if (!mayWrite()) throw new Error('nothing can be written');
      io.post({ type: 'grants', ...banker.answer(message.wants, io.nowMs()) });
    } catch {
      leaveAlone();
      const reason = 'the ledger cannot be written';
      io.post({ type: 'grants', granted: [], refused: message.wants.map(({ id }) => ({ id, reason })) });
    }
  }

  /** Evidence that came late: a store that cannot be written goes without it. */
  function learn({ found, atMs }: Extract<ToDeciding, { type: 'learned' }>): void {
    if (!mayWrite()) return;
    try {
      store.looks.learn(found, atMs);
    } catch {
      io.complain('What became known of a call afterwards could not be written.');
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
      if (isGone) io.complain('The database is in its place again.');
      isGone = false;
      noteSpace(store.upkeep.lastBeat()?.facts.isDiskFull === true);
      io.health.beatAtMs = performance.now();
      io.stalls.resetMax();
      tellBudget();
    } catch (cause) {
      // A store that cannot be written has its own complaint; the missing beat is what readers see.
      if ((cause as { code?: unknown }).code === 'gone') suspend(cause as Error);
    }
  }

  /** What is written into a file that is gone is lost with us: nothing is bought any more, and the owner hears of it. */
  function suspend({ message }: Error): void {
    if (isGone) return;
    isGone = true;
    io.complain(message);
    tellOwner('database_gone');
  }

  function noteSpace(isFullNow: boolean): void {
    if (isFullNow === isFull) return;
    isFull = isFullNow;
    io.complain(isFull ? 'The disk is full: no check is stored.' : 'There is room on the disk again.');
    if (isFull) tellOwner('disk_full');
  }

  function tellOwner(trouble: StoreTrouble): void {
    try {
      tell(storeNotice(trouble, loaded.config.vantage, io.nowMs()));
    } catch {
      // Then the log and the silent heartbeat must do.
    }
  }

  /** The same warning has the same id: said again after a restart it is the same event, and nobody is told twice. */
  function tellBudget(): void {
    const event = budgetWarning(banker.facts(io.nowMs()), io.nowMs());
    if (event === null || event.id === budgetTold) return;
    tell(event);
    budgetTold = event.id;
  }

  function tell(event: CoreEvent): void {
    const receivers = store.people.receivers('operator');
    store.events.add([event], addressEvents([event], receivers, { nowMs: io.nowMs(), incident: () => null }));
    io.poke();
  }

  function facts(): Record<string, unknown> {
    return {
      looking,
      recorder: recorder.facts(),
      budget: banker.facts(io.nowMs()),
      ...fleet.facts(),
      ...memoryUsage(),
      deliveries: io.deliveries?.() ?? null,
      maxStallMs: Math.round(io.stalls.max()),
      pid: process.pid,
    };
  }

  return {
    facts,
    start() {
      fleet.start();
      banker.recall(store.upkeep.lastBeat()?.facts.budget);
      core.restore(store, io.nowMs());
      beat();
      fleet.tellHistory();
      fleet.tellPushes(null);
      fleet.sayWhatIsWatched();
      timers.push(
        setInterval(passSecond, secondMs),
        setInterval(beat, beatEveryMs),
        setInterval(() => mayWrite() && carryOut(intents), intentsEveryMs),
        setInterval(fleet.rebuildSoon, repaceEveryMs),
      );
    },
    receive(message) {
      switch (message.type) {
        case 'seen':
          hear(message.seen, message.missed);
          return settle(message.settled);
        case 'want':
          return grant(message);
        case 'learned':
          return learn(message);
        case 'facts':
          looking = message.facts;
          io.health.lookingAtMs = performance.now();
          return;
        case 'discontinuity':
          io.complain(
            `Time did not pass as it should (${message.kind}, ${Math.round(message.lostMs)} ms): checks start anew.`,
          );
          // A pause takes nothing away from what is known; on another clock everything known has other instants.
          if (message.kind !== 'paused') core.restore(store, io.nowMs());
          return;
        case 'ready':
          io.health.lookingAtMs = performance.now();
          return;
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
      fleet.rebuildSoon();
    },
    watchCanary: fleet.watchCanary,
    stop() {
      for (const timer of timers) clearInterval(timer);
      recorder.flush();
      recorder.stop();
      // After the last batch, because that may have found something too.
      fleet.stop();
      settle([]);
      io.leadership.release();
    },
  };
}
