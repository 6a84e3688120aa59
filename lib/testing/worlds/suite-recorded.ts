import { allOfGateway, gateway, keyedAtGateway, viaGateway } from './aim.ts';
import { refuses } from './answers.ts';
import type { Scene } from './suite.ts';

/** The documented outages, as the record tells them. */

const userNotFound = refuses(401, { message: 'User not found.' });
const internal = refuses(500, { message: 'Internal Server Error' });

export const recordedWorlds: Scene[] = [
  {
    name: '2026-02-17: 20 % of 500s for 13 minutes, then 85 % of 401s for 25',
    build: (at) => ({
      lengthMin: 95,
      faults: [
        at.fault(0, 13, viaGateway, 0.2, internal),
        at.fault(13, 38, keyedAtGateway, 0.85, userNotFound),
      ],
      truth: [at.truth(gateway, 0, 38, { impacts: ['major_outage'], beganWithinMs: 60_000 })],
    }),
  },
  {
    name: '2026-02-19: 20 % of 500s for 6 minutes, then 95 % of 401s for 29',
    build: (at) => ({
      lengthMin: 95,
      faults: [
        at.fault(0, 6, viaGateway, 0.2, internal),
        at.fault(6, 35, keyedAtGateway, 0.95, userNotFound),
      ],
      truth: [at.truth(gateway, 0, 35, { impacts: ['major_outage'], beganWithinMs: 60_000 })],
    }),
  },
  {
    name: '2025-08-28: everything fails for 49 minutes, no code is known',
    build: (at) => ({
      lengthMin: 110,
      faults: [
        at.fault(
          0,
          49,
          allOfGateway,
          1,
          at.pick([refuses(500), refuses(503), refuses(502, { body: 'html' })]),
        ),
      ],
      truth: [at.truth(gateway, 0, 49, { impacts: ['major_outage'], beganWithinMs: 60_000 })],
    }),
  },
  {
    name: '401s at 85 % out of the blue, no 500 before',
    build: (at) => ({
      faults: [at.fault(0, 20, keyedAtGateway, 0.85, userNotFound)],
      truth: [at.truth(gateway, 0, 20)],
    }),
  },
  {
    name: '401s at 85 %, seen without any key check',
    build: (at) => ({
      shape: { hasAccount: false, hasCatalog: false },
      faults: [at.fault(0, 20, keyedAtGateway, 0.85, userNotFound)],
      truth: [at.truth(gateway, 0, 20)],
    }),
  },
];
