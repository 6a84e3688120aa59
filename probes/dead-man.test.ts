import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrusted } from '#lib/http.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { createDeadMan } from './dead-man.ts';

let outside: HostileReceiver;
beforeEach(async () => {
  outside = await startHostileReceiver();
});
afterEach(() => outside.close());

function stage() {
  const world = { nowMs: 1_000_000, isHeard: true, seen: new Map<string, number>(), said: [] as string[] };
  const deadMan = createDeadMan({
    looks: { lastSeenAt: () => world.seen },
    http: createTrusted(),
    nowMs: () => world.nowMs,
    say: (sentence) => world.said.push(sentence),
    isHeard: () => world.isHeard,
  });
  deadMan.setUrl(`${outside.url}/ping`);
  return { world, deadMan };
}
const soon = () => new Promise((go) => setTimeout(go, 100));

describe('the heartbeat to the outside', () => {
  it('calls once a minute while our own alarm comes back and looks are recorded', async () => {
    const { world, deadMan } = stage();
    for (let i = 0; i < 125; i++) {
      world.seen.set('a', world.nowMs);
      deadMan.tick();
      world.nowMs += 1_000;
    }
    await outside.arrived(3);
    expect(outside.got.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill('GET /ping'));
  });

  it('V7, A15: falls silent when our own alarm no longer comes back, and says so once', async () => {
    const { world, deadMan } = stage();
    deadMan.tick();
    await outside.arrived(1);
    world.isHeard = false;
    for (let i = 0; i < 3; i++) {
      world.nowMs += 61_000;
      deadMan.tick();
    }
    await soon();
    expect(outside.got).toHaveLength(1);
    expect(world.said).toEqual([
      'The outside heartbeat is held back: looks or messages have come to a stop.',
    ]);
  });

  it('falls silent when nothing has been looked at for ten minutes', async () => {
    const { world, deadMan } = stage();
    world.seen.set('a', world.nowMs - 11 * 60_000);
    deadMan.tick();
    await soon();
    expect(outside.got).toEqual([]);
  });

  it('names an outside address that does not take the call', async () => {
    outside.script({ status: 404 });
    const { world, deadMan } = stage();
    deadMan.tick();
    await outside.arrived(1);
    await soon();
    expect(world.said).toEqual(['The outside heartbeat was not taken (404).']);
  });
});
