import { everything, prober, seenFrom } from './aim.ts';
import { hangs, noConnection, noDns, noNetwork, slower, stalled } from './answers.ts';
import type { Scene } from './suite.ts';

/** Faults of our own network and process. */

export const ownWorlds: Scene[] = [
  {
    name: 'our own network is dead',
    build: (at) => ({
      faults: [at.fault(0, 10, everything, 1, noNetwork)],
      truth: [at.truth(prober(), 0, 10, { isPrivate: true })],
    }),
  },
  {
    name: 'our own network is dead, and there are no controls',
    build: (at) => ({
      shape: { hasControls: false },
      faults: [at.fault(0, 10, everything, 1, noNetwork)],
      truth: [at.truth(prober(), 0, 10, { isPrivate: true })],
    }),
  },
  {
    name: 'our own network is dead for a minute',
    build: (at) => ({
      faults: [at.fault(0, 1, everything, 1, noNetwork)],
      truth: [at.truth(prober(), 0, 1, { isPrivate: true })],
      isOptional: true,
    }),
  },
  {
    name: 'our own network loses half of everything',
    build: (at) => ({
      faults: [at.fault(0, 12, everything, 0.5, noConnection)],
      truth: [at.truth(prober(), 0, 12, { isPrivate: true, mayPause: true })],
    }),
  },
  {
    name: 'our own network loses a third of everything, slowly',
    build: (at) => ({
      faults: [at.fault(0, 15, everything, 0.33, hangs(10_000))],
      truth: [at.truth(prober(), 0, 15, { isPrivate: true, mayPause: true })],
    }),
  },
  {
    name: 'our own network swallows everything, and what hung ends after it',
    build: (at) => ({
      faults: [at.fault(0, 10, everything, 1, hangs(30_000))],
      truth: [at.truth(prober(), 0, 10, { isPrivate: true })],
    }),
  },
  {
    name: 'the official page cannot be read',
    build: (at) => ({
      shape: { hasOfficial: true },
      faults: [at.fault(0, 20, (o) => o.probe === 'official', 1, hangs(10_000))],
      truth: [],
    }),
  },
  {
    name: 'our own name service is dead, one control is an address',
    build: (at) => ({
      faults: [at.fault(0, 10, (o) => o.target.provider !== 'quad9', 1, noDns)],
      truth: [at.truth(prober(), 0, 10, { isPrivate: true })],
    }),
  },
  {
    name: 'our own line is slow to everybody',
    build: (at) => ({
      faults: [at.fault(0, 25, everything, 1, slower(4))],
      truth: [],
    }),
  },
  {
    name: 'our own process stands still',
    build: (at) => ({
      faults: [at.fault(0, 8, everything, 0.7, stalled(29_000))],
      truth: [at.truth(prober(), 0, 8, { isPrivate: true })],
      isOptional: true,
    }),
  },
  {
    name: 'one of two places has lost its network',
    build: (at) => ({
      vantages: ['fra', 'iad'],
      faults: [at.fault(0, 10, seenFrom('iad', everything), 1, noNetwork)],
      truth: [at.truth(prober('iad'), 0, 10, { isPrivate: true })],
    }),
  },
  {
    name: 'nothing was recorded for two hours, all is well',
    build: (at) => ({
      lengthMin: 240,
      faults: [],
      truth: [],
      gaps: [{ fromMs: at.fromMs, toMs: at.fromMs + 120 * at.minute }],
    }),
  },
];
