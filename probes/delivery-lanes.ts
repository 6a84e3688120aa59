/** Room for messages in flight: a thousand in all, so many per channel, and twenty for hosts that have proven slow. */

export interface Lanes {
  /** How many more may start at all. */
  room(): number;
  channelRoom(): Record<string, number>;
  /** null: its lane is full, come back. Else the way out, to be taken once. */
  enter(host: string, channel: string, mostOfChannel: number): ((isTimeout: boolean) => void) | null;
  facts(): { inFlight: number; slow: number; slowHosts: number };
}

export const mostInFlight = 1_000;
export const mostSlow = 20;
const strikesToSlow = 2;
const mostHosts = 5_000;

export function createLanes(limits: Record<string, number> = {}): Lanes {
  const strikes = new Map<string, number>();
  const byChannel = new Map(Object.entries(limits).map(([channel, most]) => [channel, { now: 0, most }]));
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
    channelRoom: () =>
      Object.fromEntries([...byChannel].map(([channel, { now, most }]) => [channel, most - now])),
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
