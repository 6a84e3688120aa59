import { describe, expect, it } from 'vitest';
import { keyedAtGateway, ofRoute } from '#lib/testing/worlds/aim.ts';
import { refuses } from '#lib/testing/worlds/answers.ts';
import { fleetOf } from '#lib/testing/worlds/fleet.ts';
import { runWorld } from '#lib/testing/worlds/run.ts';
import { makeWorld } from '#lib/testing/worlds/world.ts';
import type { Observation } from './observation.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 3, 1);
const fromMs = startMs + 25 * minuteMs;
const toMs = fromMs + 15 * minuteMs;

/** A steady 401 for a quarter of an hour, of what it hits and of nothing else. */
function refused(hits: (o: Observation) => boolean, provider: string | null) {
  const answer = refuses(401, { message: 'User not found', provider });
  const { observations } = makeWorld({
    name: 'refused',
    seed: 5,
    fleet: fleetOf({ hasControls: true, hasCatalog: true, hasAccount: true }),
    fromMs: startMs,
    lengthMs: 60 * minuteMs,
    noise: 0,
    faults: [{ fromMs, toMs, hits, share: 1, answer }],
    truth: [],
  });
  const { events, state } = runWorld(observations);
  const opened = events.filter((event) => event.type === 'incident.opened');
  const circuits = events.filter((event) => event.type === 'circuit.opened');
  return { opened, circuits, state };
}

describe('a steady 401', () => {
  // The key is shown to be good by every other route: nobody who takes this one gets through.
  it.each([
    ['that names nobody', null],
    ['that names the provider', 'alpha'],
  ])(
    'of one route, %s, while the key works elsewhere, is that route and takes it out once it is surely down',
    (_, provider) => {
      const { opened, circuits, state } = refused(ofRoute('alpha', 0), provider);
      expect(opened.map((event) => [event.scope?.kind, event.isPublic])).toEqual([['route', true]]);
      expect(circuits.length).toBeGreaterThan(0);
      expect(new Set(circuits.map((event) => event.targetId)).size).toBe(1);
      expect(circuits[0]!.atMs).toBeGreaterThan(opened[0]!.atMs);
      for (const track of state.tracks.values())
        expect(track.route?.circuit.state ?? 'closed').toBe('closed');
    },
  );

  // Seen red with refusals of our own key counted like any failure.
  it('of every keyed look is our own key, is told to nobody else and opens no circuit', () => {
    const { opened, circuits } = refused(keyedAtGateway, null);
    expect(opened.map((event) => [event.scope?.kind, event.isPublic])).toEqual([['account', false]]);
    expect(circuits).toEqual([]);
  });
});
