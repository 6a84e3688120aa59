import { account, everything, gateway, keyedAtGateway, lists, viaGateway } from './aim.ts';
import { type Answer, refuses } from './answers.ts';
import type { Scene } from './suite.ts';

/** Faults of our own key: the operator hears of them, nobody else. */

function scene(name: string, answer: Answer, hits = keyedAtGateway, shape = {}): Scene {
  return {
    name,
    build: (at) => ({
      shape,
      faults: [at.fault(0, 30, hits, 1, answer)],
      truth: [at.truth(account, 0, 30, { isPrivate: true })],
    }),
  };
}

const revoked = refuses(401, { message: 'User not found.' });

export const accountWorlds: Scene[] = [
  scene('a revoked key, in the words of the outage', revoked),
  scene('a revoked key, without a key check', revoked, viaGateway, { hasAccount: false, hasCatalog: false }),
  {
    name: 'a revoked key that nobody replaces',
    build: (at) => ({
      faults: [at.fault(0, 600, keyedAtGateway, 1, revoked)],
      truth: [at.truth(account, 0, 600, { isPrivate: true, staysOpen: true })],
    }),
  },
  {
    name: 'every key is refused, and who asks without one gets nothing either',
    build: (at) => ({
      faults: [at.fault(0, 20, keyedAtGateway, 1, revoked), at.fault(0, 20, lists, 1, refuses(500))],
      truth: [at.truth(gateway, 0, 20, { overWithinMs: 5 * at.minute })],
    }),
  },
  scene(
    'no credit',
    refuses(402, { message: 'Insufficient credits. Add more', limit: 'openrouter_credits' }),
    viaGateway,
  ),
  scene(
    'the key reached its limit',
    refuses(403, { message: 'Key limit exceeded (daily limit).' }),
    viaGateway,
  ),
  scene('no key arrives', refuses(401, { message: 'Missing Authentication header' })),
  scene(
    'the free quota is used up',
    refuses(429, { message: 'Rate limit exceeded: free-models-per-day' }),
    viaGateway,
  ),
  scene('we ask too often', refuses(429, { message: 'Rate limit exceeded' }), viaGateway),
  {
    name: 'our guardrail excludes every endpoint',
    build: (at) => ({
      faults: [
        at.fault(
          0,
          30,
          viaGateway,
          1,
          refuses(404, { message: 'No endpoints found matching your data policy' }),
        ),
      ],
      truth: [at.truth(account, 0, 30, { isPrivate: true })],
      isOptional: true,
    }),
  },
  {
    name: 'our request is wrong everywhere',
    build: (at) => ({
      faults: [at.fault(0, 30, viaGateway, 1, refuses(400, { message: 'max_tokens is not supported' }))],
      truth: [],
    }),
  },
  {
    name: 'our address is blocked',
    build: (at) => ({
      faults: [
        at.fault(
          0,
          30,
          (o) => everything(o) && viaGateway(o),
          1,
          refuses(403, { body: 'html', message: 'Just a moment' }),
        ),
      ],
      truth: [],
    }),
  },
];
