import {
  allOfGateway,
  everything,
  gateway,
  lists,
  model,
  ofModel,
  ofProvider,
  ofRoute,
  provider,
  route,
  throughGateway,
  viaGateway,
} from './aim.ts';
import { cutOff, empty, emptyButDone, hangs, inBand, refusedConnection, refuses, slower } from './answers.ts';
import type { Scene } from './suite.ts';

/** Faults of others, each with one culprit. */

const named502 = refuses(502, {}, true);
const named503 = refuses(503, {}, true);

export const faultWorlds: Scene[] = [
  {
    name: 'the gateway hangs',
    build: (at) => ({
      faults: [at.fault(0, 15, allOfGateway, 1, hangs(30_000))],
      truth: [at.truth(gateway, 0, 15, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'the gateway refuses connections',
    build: (at) => ({
      faults: [at.fault(0, 15, allOfGateway, 1, refusedConnection)],
      truth: [at.truth(gateway, 0, 15, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'the gateway fails behind its edge',
    build: (at) => ({
      faults: [at.fault(0, 15, allOfGateway, 1, refuses(522, { body: 'html' }))],
      truth: [at.truth(gateway, 0, 15, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'the gateway says of every provider that it failed',
    build: (at) => ({
      faults: [at.fault(0, 15, viaGateway, 1, named502)],
      truth: [at.truth(gateway, 0, 15)],
    }),
  },
  {
    name: '30 % of the gateway, naming nobody',
    build: (at) => ({
      faults: [
        at.fault(0, 25, viaGateway, 0.3, refuses(503, { message: 'Service temporarily unavailable' })),
      ],
      truth: [at.truth(gateway, 0, 25, { impacts: ['partial_outage'] })],
    }),
  },
  {
    name: 'a provider is dead, through the gateway and directly',
    build: (at) => ({
      faults: [at.fault(0, 20, ofProvider('alpha'), 1, named503)],
      truth: [at.truth(provider('alpha'), 0, 20, { impacts: ['major_outage'] })],
    }),
  },
  {
    name: 'a provider is dead through the gateway only',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('alpha'), 1, named502)],
      truth: [at.truth({ kind: 'provider', id: 'alpha', via: 'openrouter' }, 0, 20)],
    }),
  },
  {
    name: 'a provider is dead directly only',
    build: (at) => ({
      faults: [
        at.fault(
          0,
          20,
          (o) => o.target.gateway === 'direct' && o.target.provider === 'bravo',
          1,
          at.pick([refuses(503), hangs(20_000)]),
        ),
      ],
      truth: [at.truth({ kind: 'route', id: 'direct/bravo/lynx-2' }, 0, 20, { overWithinMs: 5 * at.minute })],
    }),
  },
  {
    name: 'a provider seen on one route is dead',
    build: (at) => ({
      faults: [at.fault(0, 20, ofProvider('golf'), 1, at.pick([named502, hangs(30_000, 'headers')]))],
      truth: [at.truth(provider('golf'), 0, 20)],
    }),
  },
  {
    name: 'a provider is dead and fail-over hides it from those who do not pin',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('delta'), 1, named503)],
      truth: [at.truth(provider('delta'), 0, 20)],
    }),
  },
  {
    name: 'errors inside the answers of a provider',
    build: (at) => ({
      faults: [
        at.fault(
          0,
          20,
          throughGateway('bravo'),
          1,
          inBand(502, 'Provider disconnected', 'provider_unavailable'),
        ),
      ],
      truth: [at.truth(provider('bravo'), 0, 20)],
    }),
  },
  {
    name: 'answers of a provider are cut off',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('charlie'), 0.8, cutOff)],
      truth: [at.truth(provider('charlie'), 0, 20)],
    }),
  },
  {
    name: 'answers of a provider are empty',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('foxtrot'), 1, empty)],
      truth: [at.truth(provider('foxtrot'), 0, 20)],
    }),
  },
  {
    name: 'answers of a provider are empty, and recorded as done',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('foxtrot'), 1, emptyButDone)],
      truth: [at.truth(provider('foxtrot'), 0, 20)],
    }),
  },
  {
    name: 'a provider no longer takes the key of the gateway',
    build: (at) => ({
      faults: [at.fault(0, 20, throughGateway('delta'), 1, refuses(401, {}, true))],
      truth: [at.truth(provider('delta'), 0, 20)],
    }),
  },
  {
    name: 'half of the calls to a provider fail',
    build: (at) => ({
      faults: [at.fault(0, 30, ofProvider('alpha'), 0.5, named502)],
      truth: [at.truth(provider('alpha'), 0, 30, { impacts: ['partial_outage', 'major_outage'] })],
    }),
  },
  {
    name: 'two in five calls to a provider fail for two hours, never worse',
    build: (at) => ({
      lengthMin: 190,
      faults: [at.fault(0, 120, ofProvider('bravo'), 0.4, named502)],
      truth: [at.truth(provider('bravo'), 0, 120, { impacts: ['partial_outage', 'degraded'] })],
    }),
  },
  {
    name: 'a model fails on every provider',
    build: (at) => ({
      faults: [at.fault(0, 20, ofModel(1), 1, refuses(502, { message: 'Provider returned error' }))],
      truth: [at.truth(model(1), 0, 20)],
    }),
  },
  {
    name: 'a model fails on every provider, and works where it is called directly',
    build: (at) => ({
      faults: [at.fault(0, 25, (o) => viaGateway(o) && ofModel(0)(o), 1, at.pick([named502, empty]))],
      truth: [at.truth(model(0), 0, 25, { overWithinMs: 5 * at.minute })],
    }),
  },
  {
    name: 'one provider fails with one model only',
    build: (at) => ({
      faults: [at.fault(0, 20, ofRoute('alpha', 2), 1, named502)],
      truth: [at.truth(route('alpha', 2), 0, 20)],
    }),
  },
  {
    name: 'only the lists of the gateway fail',
    build: (at) => ({
      faults: [at.fault(0, 20, lists, 1, refuses(500))],
      truth: [at.truth(gateway, 0, 20, { impacts: ['partial_outage', 'degraded'] })],
    }),
  },
  {
    name: 'a provider is slow',
    build: (at) => ({
      faults: [at.fault(0, 25, ofProvider('alpha'), 1, slower(6))],
      truth: [at.truth(provider('alpha'), 0, 25, { impacts: ['degraded'] })],
    }),
  },
  {
    name: 'the gateway is slow',
    build: (at) => ({
      faults: [at.fault(0, 25, viaGateway, 0.9, slower(5))],
      truth: [at.truth(gateway, 0, 25, { impacts: ['degraded'] })],
    }),
  },
  {
    name: 'a provider turns calls away',
    build: (at) => ({
      faults: [
        at.fault(
          0,
          25,
          throughGateway('bravo'),
          0.9,
          refuses(429, { limit: 'upstream_provider_shared_pool' }, true),
        ),
      ],
      truth: [at.truth(provider('bravo'), 0, 25, { impacts: ['degraded'] })],
    }),
  },
  {
    name: 'a model was withdrawn',
    build: (at) => ({
      faults: [
        at.fault(0, 40, ofModel(2), 1, refuses(404, { message: 'No endpoints found for cetus/whale-3.' })),
      ],
      truth: [],
    }),
  },
  { name: 'all is well', build: () => ({ lengthMin: 600, faults: [], truth: [] }) },
  {
    name: 'all is well but for some noise',
    build: () => ({ lengthMin: 240, noise: 0.008, faults: [], truth: [] }),
  },
  {
    name: 'single blips',
    build: (at) => ({
      lengthMin: 180,
      faults: [0, 11, 23, 37, 50, 64].map((min) => at.fault(min, min + 0.07, everything, 1, named502)),
      truth: [],
    }),
  },
];
