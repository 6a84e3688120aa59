import { statSync } from 'node:fs';
import { join } from 'node:path';
import { boundsMs } from '#db/bounds.ts';
import { type Print, quantile } from './figure.ts';
import {
  completionLook,
  dayMs,
  fillDay,
  fillIncidents,
  fillTallies,
  fillTargets,
  type Made,
  makeStore,
  record,
  routeKey,
  timesOf,
} from './store/fill.ts';

export const name = 'store: history';

const targets = 100;
const days = 90;
const manyTargets = 1000;
const manyDays = 365;
const firstDay = Date.UTC(2026, 0, 5) / dayMs;
const openrouter = { convention: 'openrouter' } as const;

/** 100 targets × 90 days at one look a minute: 13 million looks, raw kept. */
export async function run(print: Print): Promise<void> {
  measureMonths(print);
  measureYear(print);
  measureNight(print);
}

function measureMonths(print: Print): void {
  const filledMs = performance.now();
  const endMs = (firstDay + days) * dayMs;
  const made = makeStore(endMs, (client) => {
    fillTargets(client, targets, firstDay * dayMs);
    for (let day = firstDay; day < firstDay + days; day++) fillDay(client, targets, day);
  });
  try {
    const looks = targets * days * 1440;
    const slices = rollAll(made, endMs + dayMs);
    print({
      figure: '13 M looks: slice of the roll-up, p99',
      value: quantile(slices, 0.99),
      unit: 'ms',
      limit: 50,
    });
    print({
      figure: '13 M looks: bytes a look, roll-ups and all',
      value: fileBytes(made) / looks,
      unit: 'B',
      note: `filled and rolled up in ${Math.round((performance.now() - filledMs) / 1000)} s`,
    });
    measureOverview(made, endMs, days, print, '13 M looks', boundsMs.bars.ms);
    measureQueries(made, endMs, print);
    measureRetention(made, endMs, print);
  } finally {
    made.drop();
  }
}

function rollAll({ store }: Made, nowMs: number): number[] {
  const slices: number[] = [];
  for (;;) {
    const from = performance.now();
    const done = store.upkeep.rollUp(nowMs);
    if (done.hours === 0) return slices;
    slices.push(performance.now() - from);
  }
}

const fileBytes = (made: Made) => statSync(join(made.dataDir, 'signalbox.db')).size;

/** What the overview asks: the current state and the bars of everything. Cold is a process that just started. */
function measureOverview(
  made: Made,
  endMs: number,
  ofDays: number,
  print: Print,
  what: string,
  limit: number,
): void {
  const ask = (store: Made['store']) => {
    store.looks.current();
    return store.history.bars({ fromMs: endMs - ofDays * dayMs, toMs: endMs, ...openrouter });
  };
  const cold = timesOf(3, () => {
    const reader = made.open(true);
    ask(reader);
    reader.close();
  });
  const reader = made.open(true);
  ask(reader);
  const warm = timesOf(200, () => void ask(reader));
  reader.close();
  print({
    figure: `${what}: overview, p95`,
    value: quantile(warm, 0.95),
    unit: 'ms',
    limit,
    ratio: 261 / quantile(warm, 0.95),
    note: 'Uptime Kuma 261 ms for 100 beats each',
  });
  print({
    figure: `${what}: overview, first after a start`,
    value: quantile(cold, 0.5),
    unit: 'ms',
    ratio: 8600 / quantile(cold, 0.5),
    note: 'Uptime Kuma 8.6 s',
  });
}

/** Every question a page or a report asks, against its published bound. */
function measureQueries(made: Made, endMs: number, print: Print): void {
  const { store } = made;
  const span = { fromMs: endMs - days * dayMs, toMs: endMs };
  const ask = (verb: keyof typeof boundsMs, figure: string, times: number, work: (key: string) => void) =>
    print({
      figure: `${verb}: ${figure}, p95`,
      value: quantile(
        timesOf(times, (i) => work(routeKey(i % targets))),
        0.95,
      ),
      unit: 'ms',
      limit: boundsMs[verb].ms,
    });
  const last = (ms: number) => ({ fromMs: endMs - ms, toMs: endMs });
  for (const [what, period, points] of [
    ['90 days, 90 points', span, 90],
    ['90 days, 300 points', span, 300],
    ['a day, 1,440 points', { fromMs: endMs - 40 * dayMs, toMs: endMs - 39 * dayMs }, 1440],
    ['an hour, 60 points', last(3_600_000), 60],
  ] as const)
    ask('series', `percentiles of one target over ${what}`, 100, (targetKey) =>
      store.history.series({ ...period, targetKey, metric: 'first_token', points }),
    );
  const day = { fromMs: endMs - 40 * dayMs, toMs: endMs - 39 * dayMs };
  ask('between', "one target's raw day, whole looks", 100, (targetKey) =>
    store.looks.between({ ...day, targetKey, limit: 5000 }),
  );
  const targetKeys = Array.from({ length: targets }, (_, i) => routeKey(i));
  const ragged = { fromMs: span.fromMs + dayMs / 2 - 30_000, toMs: endMs, targetKeys, ...openrouter };
  ask('availability', 'everything over 89.5 days', 20, () => store.history.availability(ragged));
  ask('months', 'everything by calendar month', 20, () => store.history.months(ragged));
  ask('classes', 'outcomes of one target over 90 days', 100, (targetKey) =>
    store.history.classes({ ...span, targetKey, points: 300 }),
  );
  ask('limitedByHour', '429s of one target by hour of the week', 100, (targetKey) =>
    store.history.limitedByHour({ ...span, targetKey }),
  );
  ask('missed', 'slots of one target that were not run', 100, (targetKey) =>
    store.history.missed({ ...span, targetKey }),
  );
  const windows = [60_000, 300_000, 1_800_000, 3_600_000, dayMs];
  ask('windows', "the feed's windows of 100 targets", 20, () =>
    store.history.windows({ nowMs: endMs, windows }),
  );
  ask('numbers', 'what everybody quotes, of a month', 3, () => store.history.numbers(last(30 * dayMs)));
  ask('targetsIn', 'everything looked at in 90 days', 100, () => store.history.targetsIn(span));
  ask('numberDaysDue', 'the parts of those of one day', 5, () =>
    store.history.numberDaysDue({ nowMs: endMs, limit: 1 }),
  );
  fillIncidents(made, 10_000, span);
  ask('list', '100 incidents of 10,000', 100, () =>
    store.incidents.list({ isPublic: true, beforeMs: endMs, limit: 100 }),
  );
}

function measureRetention({ store }: Made, endMs: number, print: Print): void {
  const keep = { rawMs: 88 * dayMs, minutesMs: dayMs, hoursMs: 89 * dayMs, daysMs: null };
  const slices: number[] = [];
  for (let more = true; more; ) {
    const from = performance.now();
    more = store.upkeep.prune(endMs, keep);
    slices.push(performance.now() - from);
  }
  print({
    figure: 'retention: longest slice',
    value: Math.max(...slices),
    unit: 'ms',
    limit: 20,
    note: `${slices.length} slices for two days of 100 targets`,
  });
}

/** 1,000 targets × 1 year of days. */
function measureYear(print: Print): void {
  const endMs = (firstDay + manyDays) * dayMs;
  const made = makeStore(endMs, (client) => {
    fillTargets(client, manyTargets, firstDay * dayMs);
    fillTallies(client, firstDay, manyDays);
  });
  try {
    measureOverview(made, endMs, 90, print, '1,000 targets × 1 year', 20);
  } finally {
    made.drop();
  }
}

/** A day of 1,000 targets rolled up and deleted while looks go on: how long a look waits for the janitor. */
function measureNight(print: Print): void {
  const endMs = (firstDay + 1) * dayMs;
  const made = makeStore(endMs, (client) => {
    fillTargets(client, manyTargets, firstDay * dayMs);
    fillDay(client, manyTargets, firstDay);
  });
  const keep = { rawMs: dayMs / 2, minutesMs: dayMs, hoursMs: 9 * dayMs, daysMs: null };
  const waits: number[] = [];
  const timed = <T>(work: () => T): T => {
    const from = performance.now();
    const done = work();
    waits.push(performance.now() - from);
    return done;
  };
  try {
    let written = 0;
    const goOn = () =>
      record(made.store, [completionLook(written % manyTargets, endMs + dayMs + written++ * 7)]);
    while (timed(() => made.store.upkeep.rollUp(endMs + dayMs / 24)).hours > 0) goOn();
    made.clock.nowMs = endMs + 2 * dayMs;
    while (timed(() => made.store.upkeep.prune(made.clock.nowMs, keep))) goOn();
    const note = `${waits.length} slices, 1.4 M looks`;
    print({
      figure: "janitor's night of 1,000 targets: a look waits, p99",
      value: quantile(waits, 0.99),
      unit: 'ms',
      limit: 50,
      note,
    });
    print({
      figure: "janitor's night of 1,000 targets: a look waits, longest",
      value: Math.max(...waits),
      unit: 'ms',
      limit: 50,
    });
  } finally {
    made.drop();
  }
}
