import type { Observation } from '#lib/core/observation.ts';
import type { Scope } from '#lib/core/plan.ts';
import { type Answer, hangs, inBand, refusedConnection, refuses } from './answers.ts';
import { fleetOf } from './fleet.ts';
import type { Plot } from './world.ts';

/** The faults judgement is measured against, each as a function of its seed. */

export const startMs = Date.UTC(2026, 2, 3, 4, 0, 0);
const minuteMs = 60_000;
export const viaGateway = (o: Observation) => o.target.gateway === 'openrouter';
export const ofProvider = (id: string) => (o: Observation) => o.target.provider === id;

export interface Bar {
  name: string;
  plot: (seed: number) => Plot;
}

const gatewayWays: Answer[] = [
  refuses(500),
  refuses(502, { body: 'html' }),
  refusedConnection,
  hangs(30_000),
  hangs(10_000),
];
const providerWays: Answer[] = [
  refuses(502, {}, true),
  refuses(503, {}, true),
  inBand(502, 'Network connection lost.', 'provider_unavailable'),
  hangs(30_000, 'headers'),
];

function bar(
  name: string,
  scope: Scope,
  hits: (o: Observation) => boolean,
  share: number,
  ways: Answer[],
  lastsMin: number,
): Bar {
  return {
    name,
    plot: (seed) => {
      const fromMs = startMs + 30 * minuteMs + (seed % 30) * 1_037;
      const toMs = fromMs + lastsMin * minuteMs;
      return {
        name,
        seed,
        fleet: fleetOf({ hasControls: seed % 2 === 0 }),
        fromMs: startMs,
        lengthMs: (30 + lastsMin + 30) * minuteMs,
        noise: 0.002,
        faults: [{ fromMs, toMs, hits, share, answer: ways[seed % ways.length]! }],
        truth: [{ scope, fromMs, toMs }],
      };
    },
  };
}

export const bars: Bar[] = [
  bar('gateway total', { kind: 'gateway', id: 'openrouter' }, viaGateway, 1, gatewayWays, 20),
  bar('gateway 20 %', { kind: 'gateway', id: 'openrouter' }, viaGateway, 0.2, gatewayWays, 30),
  bar('provider dead, one route', { kind: 'provider', id: 'echo' }, ofProvider('echo'), 1, providerWays, 20),
  bar(
    'provider dead, three routes',
    { kind: 'provider', id: 'alpha' },
    ofProvider('alpha'),
    1,
    providerWays,
    20,
  ),
  bar(
    'provider 40 %, one route',
    { kind: 'provider', id: 'echo' },
    ofProvider('echo'),
    0.4,
    providerWays,
    40,
  ),
  bar(
    'provider 40 %, three routes',
    { kind: 'provider', id: 'alpha' },
    ofProvider('alpha'),
    0.4,
    providerWays,
    40,
  ),
];

export function healthy(seed: number, noise: number, days: number): Plot {
  return {
    name: `healthy ${noise}`,
    seed,
    fleet: fleetOf({ hasControls: seed % 2 === 0 }),
    fromMs: startMs,
    lengthMs: days * 24 * 60 * minuteMs,
    noise,
    faults: [],
    truth: [],
  };
}
