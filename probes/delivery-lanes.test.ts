import { describe, expect, it } from 'vitest';
import { createLanes, mostInFlight, mostSlow } from './delivery-lanes.ts';

describe('lanes', () => {
  it('hold a thousand in all, and so many of each channel', () => {
    const lanes = createLanes();
    for (let i = 0; i < 20; i++) expect(lanes.enter('smtp', 'email', 20)).not.toBeNull();
    expect(lanes.enter('smtp', 'email', 20)).toBeNull();
    expect(lanes.channelRoom()).toEqual({ email: 0 });
    for (let i = 20; i < mostInFlight; i++) lanes.enter(`h${i}`, 'webhook', mostInFlight);
    expect([lanes.room(), lanes.enter('more', 'webhook', mostInFlight)]).toEqual([0, null]);
  });

  it('move a host that timed out twice to the slow lane, until it answers in time', () => {
    const lanes = createLanes();
    lanes.enter('slow', 'webhook', 1_000)?.(true);
    lanes.enter('slow', 'webhook', 1_000)?.(true);
    const held = Array.from({ length: mostSlow }, () => lanes.enter('slow', 'webhook', 1_000));
    expect(lanes.enter('slow', 'webhook', 1_000)).toBeNull();
    expect(lanes.enter('quick', 'webhook', 1_000)).not.toBeNull();
    held[0]?.(false);
    expect(lanes.facts().slowHosts).toBe(0);
    expect(lanes.enter('slow', 'webhook', 1_000)).not.toBeNull();
    for (const leave of held.slice(1)) leave?.(false);
    expect(lanes.facts()).toEqual({ inFlight: 2, slow: 0, slowHosts: 0 });
  });
});
