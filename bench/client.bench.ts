import { Breaker } from '../lib/client/breaker.ts';
import { orderOf } from '../lib/client/order.ts';
import { Picture } from '../lib/client/picture.ts';
import type { Print } from './figure.ts';

/**
 * The herd: many routers follow one feed that is up to ten seconds old, against three targets of 100 requests/s each,
 * one of them down for two of ten minutes. Compared with spreading evenly over those that are up, which is the best
 * anybody can do, and with following whoever is best, which is what a ranking invites.
 */
export const name = 'client';

const ids = ['a', 'b', 'c'];
const capacity = 100;
const lastS = 600;
const clients = 40;

export async function run(print: Print): Promise<void> {
  for (const rate of [150, 190, 240]) {
    const best = simulate(rate, spreadEvenly());
    const ours = simulate(rate, ourClients());
    const herd = simulate(rate, followTheBest());
    print({
      figure: `errors at ${rate}/s against the best possible`,
      value: best > 0 ? ours / best : Number(ours > 0),
      unit: 'times',
      limit: 1.1,
      note: `${percent(ours)} with the client, ${percent(best)} at best, ${percent(herd)} when all follow whoever is best`,
    });
  }
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

interface Router {
  /** A second begins; the feed says who is up, and how busy each was when it last looked. */
  second(up: string[], nowS: number, seen: Map<string, number>): void;
  choose(client: number): string;
  done(client: number, id: string, ok: boolean): void;
}

/** One request has one choice: retries would hide who chose badly. Returns the share that failed. */
function simulate(rate: number, router: Router): number {
  let failed = 0;
  let lastLoad = new Map<string, number>();
  let seen = new Map<string, number>();
  for (let s = 0; s < lastS; s++) {
    const isDown = (id: string) => id === 'a' && s >= 120 && s < 240;
    // The feed knows of it ten seconds after it happened, and of its end too.
    const up = ids.filter((id) => !(id === 'a' && s >= 130 && s < 250));
    if (s % 10 === 0) seen = lastLoad;
    router.second(up, s, seen);
    lastLoad = new Map();
    const done: (() => void)[] = [];
    for (let i = 0; i < rate; i++) {
      const client = i % clients;
      const id = router.choose(client);
      const n = (lastLoad.get(id) ?? 0) + 1;
      lastLoad.set(id, n);
      const ok = !isDown(id) && n <= capacity;
      if (!ok) failed += 1;
      done.push(() => router.done(client, id, ok));
    }
    // Every answer takes a second: what is in flight is what two-choice picking looks at.
    for (const end of done) end();
  }
  return failed / (rate * lastS);
}

function spreadEvenly(): Router {
  let list = ids;
  let turn = 0;
  return {
    second: (up) => (list = up),
    choose: () => list[turn++ % list.length] as string,
    done: () => undefined,
  };
}

function followTheBest(): Router {
  let best = 'a';
  return {
    second: (up, _s, seen) =>
      (best = [...up].sort((x, y) => (seen.get(x) ?? 0) - (seen.get(y) ?? 0))[0] as string),
    choose: () => best,
    done: () => undefined,
  };
}

/** Forty of the real client's own parts, fed with the documents the feed would have published. */
function ourClients(): Router {
  const startMs = 1_000_000;
  let nowMs = startMs;
  const serverMs = 1_800_000_000_000 - nowMs;
  const many = Array.from({ length: clients }, () => {
    const picture = new Picture(() => nowMs, Math.random);
    picture.setServerTime(new Date(serverMs + nowMs).toUTCString(), null);
    return { picture, breaker: new Breaker(() => nowMs, Math.random) };
  });
  const of = (client: number) => many[client] as (typeof many)[number];
  return {
    second(up, s) {
      nowMs = startMs + s * 1000;
      const document = documentOf(up, s, serverMs + nowMs);
      for (const { picture } of many) picture.take(document);
    },
    choose(client) {
      const { picture, breaker } = of(client);
      const id = orderOf(ids, picture, breaker, Math.random)[0] as string;
      breaker.begin(id);
      return id;
    },
    done(client, id, ok) {
      const { picture, breaker } = of(client);
      breaker.end(id, { ok }, picture.isDoubted(id));
    },
  };
}

function documentOf(up: string[], seq: number, serverNowMs: number) {
  return {
    ...{ epoch: 'E', seq, generated_at: new Date(serverNowMs).toISOString() },
    valid_until: new Date(serverNowMs + 90_000).toISOString(),
    ...{ self: { status: 'ok' }, guard: { state: 'normal' } },
    targets: ids.map((id) => {
      const isUp = up.includes(id);
      return {
        ...{ id, state: isUp ? 'up' : 'down', groups: [`provider:${id}`] },
        circuit: { state: isUp ? 'closed' : 'open', retry_at: null },
        advice: isUp ? { action: 'use', weight: 100 } : { action: 'avoid', weight: 0 },
      };
    }),
  };
}
