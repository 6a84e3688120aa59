import { describe, expect, it } from 'vitest';
import { planMaintenance, plannedWindows } from '#app/_edge/planned.ts';
import { openMemoryStore } from '#db/open.ts';
import { type Config, configSchema } from '#lib/config/schema.ts';
import type { MaintenanceWindow } from '#lib/core/state.ts';
import { readCalendar } from './calendar.ts';
import { createMaintenance } from './maintenance.ts';
import { plannedByHand, plannedNote } from './planned-by-hand.ts';

const noon = Date.UTC(2026, 1, 17, 12);
const entries = (maintenance: unknown[]): Config['maintenance'] =>
  configSchema.parse({ maintenance }).maintenance;
const hourMs = 3_600_000;

describe('a calendar', () => {
  it('knows a window before, in and just after its time', () => {
    const calendar = readCalendar(
      entries([
        {
          title: 'T',
          scope: ['gateway:openrouter'],
          from: '2026-02-17T13:00:00Z',
          to: '2026-02-17T14:00:00Z',
        },
      ]),
    );
    expect(calendar.windows(noon)).toMatchObject([{ fromMs: noon + hourMs, toMs: noon + 2 * hourMs }]);
    expect(calendar.windows(noon + 2 * hourMs + 60_000).length).toBe(1);
    expect(calendar.windows(noon + 3 * hourMs)).toEqual([]);
  });

  it('finds the open window of what recurs, also after a restart in its middle, in its own zone', () => {
    const calendar = readCalendar(
      entries([
        { title: 'T', scope: ['gateway:x'], cron: '0 12 * * *', lasts: '2h', time_zone: 'Europe/Berlin' },
      ]),
    );
    const open = calendar.windows(noon + 30 * 60_000)[0];
    expect(open).toMatchObject({ fromMs: noon - hourMs, toMs: noon + hourMs });
    expect(calendar.windows(noon + 31 * 60_000)[0]?.id).toBe(open?.id);
  });
});

describe('what recurs, where the clocks change', () => {
  /** Every beginning that is told from one noon to the next, looked at each quarter of an hour. */
  function beginningsOf(cron: string, timeZone: string, day: string): string[] {
    const calendar = readCalendar(
      entries([{ title: 'T', scope: ['gateway:x'], cron, lasts: '2h', time_zone: timeZone }]),
    );
    const seen = new Set<number>();
    const endMs = Date.parse(`${day}T12:00:00Z`);
    for (let at = endMs - 24 * hourMs; at <= endMs; at += 15 * 60_000)
      for (const one of calendar.windows(at)) if (one.fromMs <= at && at < one.toMs) seen.add(one.fromMs);
    return [...seen].sort((a, b) => a - b).map((at) => new Date(at).toISOString().slice(0, 16));
  }

  // Seen red with the pattern read instant by instant: no window at all on that day.
  it('comes as much later as the clock is set forward, when its time is left out', () => {
    expect(beginningsOf('30 2 * * *', 'Europe/Berlin', '2026-03-29')).toEqual(['2026-03-29T01:30']);
    expect(beginningsOf('15 2 * * *', 'Australia/Lord_Howe', '2026-10-04')).toEqual(['2026-10-03T15:45']);
    expect(beginningsOf('30 2 * * *', 'America/New_York', '2026-03-08')).toEqual(['2026-03-08T07:30']);
  });

  // Seen red with the pattern read instant by instant: two windows, an hour apart.
  it('begins once, the first time, when its time comes twice', () => {
    expect(beginningsOf('30 2 * * *', 'Europe/Berlin', '2026-10-25')).toEqual(['2026-10-25T00:30']);
    expect(beginningsOf('30 1 * * *', 'America/New_York', '2026-11-01')).toEqual(['2026-11-01T05:30']);
  });

  it('keeps its hour on the wall before and after the change', () => {
    expect(beginningsOf('0 3 * * *', 'Europe/Berlin', '2026-03-28')).toEqual(['2026-03-28T02:00']);
    expect(beginningsOf('0 3 * * *', 'Europe/Berlin', '2026-03-29')).toEqual(['2026-03-29T01:00']);
    expect(beginningsOf('0 3 * * *', 'Europe/Berlin', '2026-10-25')).toEqual(['2026-10-25T02:00']);
    expect(beginningsOf('45 5 * * *', 'Asia/Kathmandu', '2026-02-17')).toEqual(['2026-02-17T00:00']);
  });

  it('begins every hour of a day of twenty-five when it is meant for every hour', () => {
    expect(beginningsOf('0 * * * *', 'Europe/Berlin', '2026-10-25')).toHaveLength(25);
  });

  // Seen red with what comes next asked of a clock that was never started: never known.
  it('is known before it begins, be it years ahead', () => {
    const next = (cron: string) => {
      const calendar = readCalendar(
        entries([{ title: 'T', scope: ['gateway:x'], cron, lasts: '2h', time_zone: 'Europe/Berlin' }]),
      );
      return calendar.windows(noon).map((one) => new Date(one.fromMs).toISOString());
    };
    expect(next('0 3 * * 1')).toEqual(['2026-02-23T02:00:00.000Z']);
    expect(next('0 3 29 2 *')).toEqual(['2028-02-29T02:00:00.000Z']);
  });
});

describe('maintenance', () => {
  it('leaves what recurs where the calendar of the web process finds it', () => {
    const store = openMemoryStore({ nowMs: () => noon });
    const maintenance = [
      { title: 'T', scope: ['gateway:x'], cron: '0 12 * * *', lasts: '2h' },
      { title: 'U', scope: ['gateway:x'], from: '2026-02-18T13:00:00Z', lasts: '90m' },
    ];
    const config = configSchema.parse({ maintenance });
    createMaintenance({
      ...{ store, config, core: { setMaintenance: () => {} }, complain: () => {}, poke: () => {} },
    }).tick(noon + 60_000);
    const planned = plannedWindows(config, store, noon);
    expect(planned).toContainEqual(
      expect.objectContaining({ title: 'T', fromMs: noon, toMs: noon + 2 * hourMs }),
    );
    expect(planned.filter((one) => one.title === 'U')).toMatchObject([
      { fromMs: Date.UTC(2026, 1, 18, 13), toMs: Date.UTC(2026, 1, 18, 14, 30) },
    ]);
    store.close();
  });

  it('is announced, begun and ended once each, whatever restarts lie between', () => {
    const store = openMemoryStore({ nowMs: () => noon });
    const config = configSchema.parse({
      maintenance: [
        {
          title: 'Move',
          scope: ['gateway:openrouter'],
          from: '2026-02-17T13:00:00Z',
          to: '2026-02-17T14:00:00Z',
        },
      ],
    });
    const heard: MaintenanceWindow[][] = [];
    const open = () =>
      createMaintenance({
        store,
        core: { setMaintenance: (windows) => void heard.push(windows) },
        config,
        poke: () => {},
      });
    let maintenance = open();
    for (let minute = 0; minute <= 150; minute += 10) {
      if (minute === 70) maintenance = open();
      maintenance.tick(noon + minute * 60_000);
      maintenance.tick(noon + minute * 60_000 + 1_000);
    }
    const events = store.events.list({ limit: 10 }).reverse();
    expect(events.map((event) => event.type)).toEqual([
      'maintenance.scheduled',
      'maintenance.started',
      'maintenance.ended',
    ]);
    expect(events[1]?.sentence).toBe('Maintenance "Move" has begun, 13:00–14:00 UTC.');
    expect(heard.at(-1)).toEqual([]);
  });
});

describe('work planned in the admin pages', () => {
  it('is heard by the core and told at its beginning and its end, without a restart', () => {
    const store = openMemoryStore({ nowMs: () => noon });
    const heard: MaintenanceWindow[][] = [];
    const maintenance = createMaintenance({
      store,
      core: { setMaintenance: (windows) => void heard.push(windows) },
      config: configSchema.parse({}),
      poke: () => {},
    });
    maintenance.tick(noon);
    const plan = {
      title: 'Cable',
      scope: ['gateway:openrouter'],
      fromMs: noon + 60_000,
      toMs: noon + hourMs,
    };
    planMaintenance({ store }, plan, noon);
    for (let minute = 0; minute <= 80; minute++) maintenance.tick(noon + minute * 60_000);
    expect(heard[1]).toMatchObject([plan]);
    expect(heard.at(-1)).toEqual([]);
    expect(
      store.events
        .list({ limit: 10 })
        .reverse()
        .map((event) => event.sentence),
    ).toEqual([
      'Maintenance is planned: Cable.',
      'Maintenance "Cable" has begun, 12:01–13:00 UTC.',
      'Maintenance "Cable" is over, 12:01–13:00 UTC.',
    ]);
  });

  it('plans nothing when the note cannot be read', () => {
    const store = openMemoryStore({ nowMs: () => noon });
    for (const text of ['{', '[1]', '[{"id":"x"}]']) {
      store.upkeep.note(plannedNote, text);
      expect(plannedByHand(store, noon)).toEqual([]);
    }
  });
});
