import {
  allOfGateway,
  gateway,
  ofModel,
  ofProvider,
  provider,
  seenFrom,
  throughGateway,
  viaGateway,
} from './aim.ts';
import { type Answer, hangs, refuses, whole } from './answers.ts';
import type { Scene } from './suite.ts';

/** Several faults at once, faults that come and go, witnesses that lie, places that disagree. */

const named502 = refuses(502, {}, true);

function claims(status: 'operational' | 'major_outage'): Answer {
  return (o, random) => {
    const facts = whole(o, random);
    return { ...facts, claims: (facts.claims ?? []).map((claim) => ({ ...claim, status })) };
  };
}
const official = (o: { probe: string }) => o.probe === 'official';

export const strangeWorlds: Scene[] = [
  {
    name: 'a provider comes and goes',
    build: (at) => ({
      lengthMin: 140,
      faults: [0, 10, 20, 30, 40].map((min) => at.fault(min, min + 4, ofProvider('echo'), 1, named502)),
      truth: [at.truth(provider('echo'), 0, 44, { mayPause: true, isUnstable: true })],
    }),
  },
  {
    name: 'the gateway comes and goes',
    build: (at) => ({
      lengthMin: 140,
      faults: [0, 6, 12, 18, 24].map((min) => at.fault(min, min + 2.5, allOfGateway, 1, refuses(500))),
      truth: [at.truth(gateway, 0, 26.5, { mayPause: true, isUnstable: true })],
    }),
  },
  {
    name: 'ten failures of one provider within 20 s, then calm',
    build: (at) => ({
      faults: [at.fault(0, 1 / 3, ofProvider('alpha'), 1, named502)],
      truth: [],
    }),
  },
  {
    name: 'the official page cries wolf',
    build: (at) => ({
      shape: { hasOfficial: true },
      faults: [at.fault(0, 40, official, 1, claims('major_outage'))],
      truth: [],
    }),
  },
  {
    name: 'the official page says all is well while the gateway is dead',
    build: (at) => ({
      shape: { hasOfficial: true },
      faults: [
        at.fault(0, 15, allOfGateway, 1, refuses(500)),
        at.fault(0, 40, official, 1, claims('operational')),
      ],
      truth: [at.truth(gateway, 0, 15, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'the list comes out of a cache while the gateway is dead',
    build: (at) => ({
      faults: [
        at.fault(0, 15, (o) => allOfGateway(o) && o.probe !== 'catalog', 1, refuses(500)),
        at.fault(
          0,
          15,
          (o) => o.probe === 'catalog',
          1,
          (o, random) => ({
            ...whole(o, random),
            edge: { cache: 'HIT', ageS: 1800, site: 'FRA' },
          }),
        ),
      ],
      truth: [at.truth(gateway, 0, 15, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'two providers at once',
    build: (at) => ({
      faults: [
        at.fault(0, 20, ofProvider('alpha'), 1, named502),
        at.fault(0, 25, ofProvider('golf'), 1, hangs(20_000, 'headers')),
      ],
      truth: [at.truth(provider('alpha'), 0, 20), at.truth(provider('golf'), 0, 25)],
    }),
  },
  {
    name: 'a provider, and twenty minutes later the gateway',
    build: (at) => ({
      lengthMin: 120,
      faults: [
        at.fault(20, 35, allOfGateway, 1, refuses(500)),
        at.fault(0, 50, throughGateway('alpha'), 1, named502),
      ],
      truth: [at.truth(provider('alpha'), 0, 50), at.truth(gateway, 20, 35, { overWithinMs: 5 * at.minute })],
    }),
  },
  {
    name: 'two providers of many routes at once, in the same way',
    build: (at) => ({
      faults: [
        at.fault(0, 20, (o) => ofProvider('alpha')(o) || ofProvider('bravo')(o), 1, hangs(20_000, 'headers')),
      ],
      truth: [at.truth(provider('alpha'), 0, 20), at.truth(provider('bravo'), 0, 20)],
    }),
  },
  {
    name: 'the gateway, and a provider that dies meanwhile and stays out',
    build: (at) => ({
      lengthMin: 110,
      faults: [
        at.fault(0, 15, allOfGateway, 1, refuses(500)),
        at.fault(5, 45, ofProvider('charlie'), 1, named502),
      ],
      truth: [
        at.truth(gateway, 0, 15, { overWithinMs: 6 * at.minute }),
        at.truth(provider('charlie'), 5, 45, { overWithinMs: 5 * at.minute }),
      ],
    }),
  },
  {
    name: 'a twentieth of the gateway, by chance worse with one model at first',
    build: (at) => ({
      lengthMin: 120,
      faults: [
        at.fault(0, 40, viaGateway, 0.06, refuses(500)),
        at.fault(10, 13, ofModel(0), 0.2, refuses(500)),
      ],
      truth: [at.truth(gateway, 0, 40)],
      isOptional: true,
    }),
  },
  {
    // Seen red with the parts credited with what lies outside of the whole: the gateway was told as its three models.
    name: 'the gateway, and a minute later a provider called directly, looked at often',
    build: (at) => ({
      shape: { everyMs: 20_000 },
      faults: [
        at.fault(0, 15, allOfGateway, 1, refuses(500)),
        at.fault(
          1,
          14,
          (o) => o.target.gateway === 'direct' && o.target.provider === 'alpha',
          1,
          refuses(529, { message: 'Overloaded' }),
        ),
      ],
      truth: [at.truth(gateway, 0, 15), at.truth(provider('alpha'), 1, 14)],
    }),
  },
  {
    // Seen red with an incident for each of its routes.
    name: 'only where nobody is pinned',
    build: (at) => ({
      faults: [
        at.fault(0, 15, throughGateway('any'), 1, refuses(503, { message: 'No instances available' })),
      ],
      truth: [at.truth(gateway, 0, 15, { impacts: ['partial_outage', 'major_outage'] })],
    }),
  },
  {
    name: 'the gateway, and a provider called directly',
    build: (at) => ({
      faults: [
        at.fault(0, 20, viaGateway, 1, refuses(500)),
        at.fault(
          2,
          20,
          (o) => o.target.gateway === 'direct' && o.target.provider === 'charlie',
          1,
          refuses(503),
        ),
      ],
      truth: [
        at.truth(gateway, 0, 20),
        at.truth(provider('charlie'), 2, 20, {
          alternatives: [{ kind: 'route', id: 'direct/charlie/whale-3' }],
        }),
      ],
    }),
  },
  {
    name: 'a partial fault of the gateway becomes a total one',
    build: (at) => ({
      faults: [
        at.fault(0, 12, viaGateway, 0.25, refuses(500)),
        at.fault(12, 25, allOfGateway, 1, hangs(20_000)),
      ],
      truth: [at.truth(gateway, 0, 25, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'the gateway is dead, seen from one of two places',
    build: (at) => ({
      vantages: ['fra', 'iad'],
      faults: [at.fault(0, 20, seenFrom('iad', allOfGateway), 1, refuses(502, { body: 'html' }))],
      truth: [at.truth(gateway, 0, 20, { impacts: ['degraded'] })],
    }),
  },
  {
    name: 'the gateway is dead, seen from both places',
    build: (at) => ({
      vantages: ['fra', 'iad'],
      faults: [at.fault(0, 20, allOfGateway, 1, refuses(500))],
      truth: [at.truth(gateway, 0, 20, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'we were off for eight minutes while the gateway was dead',
    build: (at) => ({
      lengthMin: 100,
      faults: [at.fault(0, 25, allOfGateway, 1, refuses(500))],
      truth: [at.truth(gateway, 0, 25)],
      gaps: [{ fromMs: at.fromMs + 6 * at.minute, toMs: at.fromMs + 14 * at.minute }],
    }),
  },
  {
    name: 'we were off when it ended',
    build: (at) => ({
      lengthMin: 120,
      faults: [at.fault(0, 25, ofProvider('alpha'), 1, named502)],
      truth: [at.truth(provider('alpha'), 0, 25)],
      gaps: [{ fromMs: at.fromMs + 10 * at.minute, toMs: at.fromMs + 40 * at.minute }],
    }),
  },
];
