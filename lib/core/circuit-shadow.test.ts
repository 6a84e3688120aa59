import { expect, it } from 'vitest';
import { plotOf, suite } from '#lib/testing/worlds/suite.ts';
import { makeWorld } from '#lib/testing/worlds/world.ts';
import { shadowOf } from './circuit-shadow.ts';
import { defaultPolicy } from './policy.ts';

const shadowIn = (name: string, seed = 1) => {
  const plot = plotOf(suite.find((scene) => scene.name.includes(name))!, seed);
  return { plot, shadow: shadowOf(makeWorld(plot).observations, defaultPolicy) };
};

it('finds every opening of a dead provider right, with its evidence and its end', () => {
  const { plot, shadow } = shadowIn('a provider is dead, through the gateway and directly');
  expect(shadow.openings).toHaveLength(4);
  for (const opening of shadow.openings) {
    expect(opening.isRight).toBe(true);
    expect(['http_5xx', 'group']).toContain(opening.reason);
    expect(opening.targetId).toContain('alpha');
    expect(opening.openedAtMs).toBeGreaterThan(plot.truth[0]!.fromMs);
    expect(opening.closedAtMs).toBeGreaterThan(plot.truth[0]!.toMs);
    expect(opening.evidence).toContain('taken out of rotation');
  }
  expect(shadow.saved).toBeGreaterThan(10 * shadow.missed);
  expect(shadow).toMatchObject({ right: 4, wrong: 0 });
});

it('opens nothing where all is well', () => {
  const { shadow } = shadowIn('all is well');
  expect(shadow).toMatchObject({ openings: [], saved: 0, wronglyAvoided: 0 });
  expect(shadow.looks).toBeGreaterThan(1_000);
});

it('opens nothing for a fault of ours', () => {
  expect(shadowIn('a revoked key, in the words').shadow.openings).toEqual([]);
  expect(shadowIn('our own network is dead').shadow.openings).toEqual([]);
});
