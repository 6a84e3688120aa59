import type { Http } from '#lib/http.ts';
import type { Looks } from '#lib/store.ts';

/**
 * A watch over the watcher. Only while the test alarm comes back, and while looks are being recorded, is the outside
 * address called each minute; whoever listens there raises the alarm when the calls stop.
 */
export interface DeadMan {
  setUrl(url: string | null): void;
  /** Called each second or so; does what is due. */
  tick(): void;
}

const pingEveryMs = 60_000;
const looksWithinMs = 10 * 60_000;

export function createDeadMan(io: {
  looks: Pick<Looks, 'lastSeenAt'>;
  http: Http;
  nowMs(): number;
  say(sentence: string): void;
  /** Does our own test alarm come back? */
  isHeard(): boolean;
}): DeadMan {
  let url: string | null = null;
  let pingedAtMs = Number.NEGATIVE_INFINITY;
  let wasAlive = false;

  function isAlive(nowMs: number): boolean {
    if (!io.isHeard()) return false;
    const seen = io.looks.lastSeenAt();
    if (seen.size === 0) return true;
    return nowMs - Math.max(...seen.values()) < looksWithinMs;
  }

  function ping(nowMs: number): void {
    if (url === null || nowMs - pingedAtMs < pingEveryMs) return;
    const alive = isAlive(nowMs);
    if (!alive && wasAlive)
      io.say('The outside heartbeat is held back: looks or messages have come to a stop.');
    wasAlive = alive;
    if (!alive) return;
    pingedAtMs = nowMs;
    void io.http
      .request({ url, limits: { totalMs: 10_000, bodyBytes: 4_096 } })
      .then((look) => {
        if (look.status === null || look.status >= 400)
          io.say(`The outside heartbeat was not taken (${look.status ?? look.fault}).`);
      })
      .catch((cause: Error) => io.say(`The outside heartbeat cannot be called: ${cause.message}`));
  }

  return {
    setUrl(next) {
      url = next;
    },
    tick() {
      try {
        ping(io.nowMs());
      } catch {
        // A store that cannot be read: the silence outside is the message.
      }
    },
  };
}
