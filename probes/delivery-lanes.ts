/** Room for messages in flight: a thousand in all, so many per channel, and twenty for hosts that have proven slow. */

export interface Lanes {
  /** How many more may start at all. */
  room(): number;
  fullChannels(): string[];
  /** false: its lane is full; come back. */
  enter(host: string, channel: string, mostOfChannel: number): boolean;
  leave(host: string, channel: string, isTimeout: boolean): void;
  facts(): { inFlight: number; slow: number; slowHosts: number };
}

export const mostInFlight = 1_000;
export const mostSlow = 20;
const strikesToSlow = 2;
const mostHosts = 5_000;

export function createLanes(): Lanes {
  const strikes = new Map<string, number>();
  const byChannel = new Map<string, { now: number; most: number }>();
  let inFlight = 0;
  let slow = 0;
  /** Hosts whose running messages were counted as slow when they entered. */
  const slowNow = new Map<string, number>();
  const isSlow = (host: string) => (strikes.get(host) ?? 0) >= strikesToSlow;

  return {
    room: () => mostInFlight - inFlight,
    fullChannels: () => [...byChannel].filter(([, { now, most }]) => now >= most).map(([channel]) => channel),
    enter(host, channel, mostOfChannel) {
      const used = byChannel.get(channel) ?? { now: 0, most: mostOfChannel };
      if (inFlight >= mostInFlight || used.now >= mostOfChannel) return false;
      if (isSlow(host)) {
        if (slow >= mostSlow) return false;
        slow += 1;
        slowNow.set(host, (slowNow.get(host) ?? 0) + 1);
      }
      inFlight += 1;
      byChannel.set(channel, { now: used.now + 1, most: mostOfChannel });
      return true;
    },
    leave(host, channel, isTimeout) {
      inFlight -= 1;
      const used = byChannel.get(channel);
      if (used) used.now -= 1;
      const slowHere = slowNow.get(host) ?? 0;
      if (slowHere > 0) {
        slow -= 1;
        if (slowHere === 1) slowNow.delete(host);
        else slowNow.set(host, slowHere - 1);
      }
      if (!isTimeout) strikes.delete(host);
      else {
        // A stranger can invent hosts; what is forgotten is only learnt again.
        if (strikes.size >= mostHosts) strikes.clear();
        strikes.set(host, (strikes.get(host) ?? 0) + 1);
      }
    },
    facts: () => ({
      inFlight,
      slow,
      slowHosts: [...strikes.values()].filter((n) => n >= strikesToSlow).length,
    }),
  };
}
