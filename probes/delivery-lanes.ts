/** Room for messages in flight: a thousand in all, so many per channel, and twenty for hosts that have proven slow. */

export interface Lanes {
  /** How many more may start at all. */
  room(): number;
  fullChannels(): string[];
  /** null: its lane is full, come back. Else the way out, to be taken once. */
  enter(host: string, channel: string, mostOfChannel: number): ((isTimeout: boolean) => void) | null;
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

  function note(host: string, isTimeout: boolean): void {
    if (!isTimeout) {
      strikes.delete(host);
      return;
    }
    // A stranger can invent hosts; what is forgotten is only learnt again.
    if (strikes.size >= mostHosts) strikes.clear();
    strikes.set(host, (strikes.get(host) ?? 0) + 1);
  }

  return {
    room: () => mostInFlight - inFlight,
    fullChannels: () => [...byChannel].filter(([, { now, most }]) => now >= most).map(([channel]) => channel),
    enter(host, channel, most) {
      const used = byChannel.get(channel) ?? { now: 0, most };
      const isSlow = (strikes.get(host) ?? 0) >= strikesToSlow;
      if (inFlight >= mostInFlight || used.now >= most || (isSlow && slow >= mostSlow)) return null;
      inFlight += 1;
      slow += isSlow ? 1 : 0;
      used.now += 1;
      byChannel.set(channel, used);
      return (isTimeout) => {
        inFlight -= 1;
        slow -= isSlow ? 1 : 0;
        used.now -= 1;
        note(host, isTimeout);
      };
    },
    facts: () => ({
      inFlight,
      slow,
      slowHosts: [...strikes.values()].filter((n) => n >= strikesToSlow).length,
    }),
  };
}
