import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock, systemTime, tickMs } from './clock.ts';
import { createStallMeter } from './stall.ts';

/** A machine whose clocks are moved by hand. */
function machine() {
  const at = { wall: 1_770_000_000_000, mono: 5_000, boot: 9_000 };
  const clock = createClock({ wallMs: () => at.wall, monoMs: () => at.mono, bootMs: () => at.boot });
  const pass = (ms: number) => {
    at.wall += ms;
    at.mono += ms;
    at.boot += ms;
  };
  const live = (ms: number) => {
    for (let left = ms; left > 0; left -= tickMs) {
      pass(tickMs);
      expect(clock.tick()).toBeNull();
    }
  };
  return { at, clock, pass, live };
}

describe('the clock', () => {
  it('follows the wall while nothing happens', () => {
    const { at, clock, live } = machine();
    live(1_000);
    expect(clock.nowMs()).toBe(at.wall);
  });

  it('C6: notices that the process was paused', () => {
    const { clock, pass, live } = machine();
    live(200);
    pass(5_000);
    expect(clock.tick()).toEqual({ kind: 'paused', lostMs: 5_000 - tickMs });
    live(200);
  });

  it('C6: tells a suspended machine from a clock that was set', () => {
    const { at, clock, pass, live } = machine();
    pass(tickMs);
    at.wall += 600_000;
    at.boot += 600_000;
    expect(clock.tick()).toEqual({ kind: 'suspended', lostMs: 600_000 });
    expect(clock.nowMs()).toBe(at.wall);
    live(200);
  });

  it('C1: follows a clock that was set back or forth, and says so once', () => {
    for (const stepMs of [3_600_000, -3_600_000]) {
      const { at, clock, pass, live } = machine();
      live(100);
      pass(tickMs);
      at.wall += stepMs;
      expect(clock.tick()).toMatchObject({ kind: 'clock_step', lostMs: stepMs });
      expect(clock.nowMs()).toBe(at.wall);
      live(200);
    }
  });

  it('follows a clock that is slewed without a word', () => {
    const { at, clock, pass } = machine();
    for (let i = 0; i < 1_000; i++) {
      pass(tickMs);
      at.wall += 0.5;
      expect(clock.tick()).toBeNull();
    }
    expect(Math.abs(clock.nowMs() - at.wall)).toBeLessThanOrEqual(6);
  });

  it('reads the real machine', () => {
    // Two readings one after the other: a machine that is busy between them is asked again.
    const apart = () => Math.abs(createClock(systemTime).nowMs() - Date.now());
    expect(Math.min(...Array.from({ length: 20 }, apart))).toBeLessThan(50);
  });
});

describe('the stall meter', () => {
  it('names the longest gap since an instant, also one that lasts still', () => {
    const meter = createStallMeter(20, 0);
    for (const now of [20, 40, 460, 480, 580]) meter.tick(now);
    expect(meter.since(0, 590)).toBe(400);
    expect(meter.since(470, 590)).toBe(80);
    expect(meter.since(585, 590)).toBe(0);
    expect(meter.since(585, 900)).toBe(300);
    expect(meter.max()).toBe(400);
  });

  it('forgets gaps that no look can contain any more', () => {
    const meter = createStallMeter(20, 0);
    meter.tick(500);
    for (let now = 520; now < 300_000; now += 20) meter.tick(now);
    expect(meter.since(0, 300_000)).toBe(0);
    expect(meter.max()).toBe(480);
    meter.resetMax();
    expect(meter.max()).toBe(0);
  });

  it('never names less than the longest gap inside the look', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 60 }), (gaps) => {
        const meter = createStallMeter(20, 0);
        let now = 0;
        for (const gap of gaps) meter.tick((now += gap));
        const longest = Math.max(...gaps) - 20;
        expect(meter.since(0, now)).toBe(longest >= 5 ? longest : 0);
      }),
    );
  });
});
