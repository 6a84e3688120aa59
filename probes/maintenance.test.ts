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
