import type { Probe } from '../probe.ts';
import { observe } from './look-facts.ts';

/** Our own network: any HTTP answer at all is good. */
export const control: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const look = await io.http.request({
    url: watched.baseUrl,
    signal: io.signal,
    limits: { firstByteMs: io.timeoutMs, totalMs: io.timeoutMs },
    // The head proves the line; the body is nobody's business.
    onChunk: () => 'stop',
  });
  const hasAnswered = look.status !== null;
  return {
    observation: observe(watched, io, look, {
      atMs,
      keyed: false,
      reached: hasAnswered ? 'done' : look.reached,
      fault: hasAnswered ? null : look.fault,
    }),
  };
};
