import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Discontinuity } from './messages.ts';
import type { Clock } from './probe.ts';
import { createStallMeter, type StallMeter } from './stall.ts';

/** Where instants come from. `bootMs` goes on while the machine sleeps, `monoMs` does not. */
export interface TimeSource {
  wallMs(): number;
  monoMs(): number;
  bootMs(): number;
}

export const systemTime: TimeSource = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  bootMs: () => {
    try {
      return uptime() * 1000;
    } catch {
      // It reads a file, and there may be no descriptor left: then a jump counts as a step of the clock.
      return performance.now();
    }
  },
};

export interface LoopClock extends Clock {
  /** Every 20 ms. Returns what went wrong with time since the last tick, if anything did. */
  tick(): Discontinuity | null;
  stalls: StallMeter;
}

export const tickMs = 20;
const jumpMs = 2_000;

/** Wall clock with the resolution of the monotonic one: it follows the system clock and never goes back by its jitter. */
export function createClock(time: TimeSource = systemTime): LoopClock {
  const startMono = time.monoMs();
  const stalls = createStallMeter(tickMs, startMono);
  let wallOffset = time.wallMs() - startMono;
  let bootOffset = time.bootMs() - startMono;
  return {
    stalls,
    nowMs: () => Math.round(time.monoMs() + wallOffset),
    monoMs: () => time.monoMs(),
    stallSince: (since) => stalls.since(since, time.monoMs()),
    tick() {
      const mono = time.monoMs();
      const gapMs = stalls.tick(mono);
      const wallJumpMs = time.wallMs() - mono - wallOffset;
      if (Math.abs(wallJumpMs) > 5) wallOffset += wallJumpMs;
      if (Math.abs(wallJumpMs) <= jumpMs) return gapMs > jumpMs ? { kind: 'paused', lostMs: gapMs } : null;
      const sleptMs = time.bootMs() - mono - bootOffset;
      bootOffset += sleptMs;
      return sleptMs > jumpMs
        ? { kind: 'suspended', lostMs: sleptMs }
        : { kind: 'clock_step', lostMs: wallJumpMs };
    },
  };
}
