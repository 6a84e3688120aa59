import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sealSettings } from '#lib/notify/public.ts';
import type { Store } from '#lib/store.ts';
import { anEvent, commit, openWorld, sealer, startReceivers, wallMs } from './tell/world.ts';

export const name = 'tell: five thousand mails';

const subscribers = 5_000;

export async function run(
  print: (line: { figure: string; value: number; unit: string; limit?: number; note?: string }) => void,
): Promise<void> {
  const { child, ports } = await startReceivers();
  const smtp = { url: `smtp://127.0.0.1:${ports.smtp}`, from: 'status@example.com' };
  const { store, deliverer, close } = openWorld({ smtp });
  try {
    fill(store);
    let memory: ReturnType<typeof watchMemory> | null = null;
    const done = new Promise<number>((go) =>
      child.on('message', (message: { type: string; mails: number; atMs: number }) => {
        if (message.type !== 'mails') return;
        memory?.note(message.mails);
        if (message.mails >= subscribers) go(message.atMs);
      }),
    );
    await new Promise((go) => setTimeout(go, 500));
    global.gc?.();
    memory = watchMemory();
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    stalls.enable();
    const startMs = wallMs();
    commit(store, anEvent({}));
    deliverer.poke();
    const endMs = await Promise.race([
      done,
      new Promise<number>((go) => setTimeout(() => go(Number.NaN), 120_000)),
    ]);
    stalls.disable();
    print({ figure: '5,000 mails handed over', value: (endMs - startMs) / 1_000, unit: 's', limit: 60 });
    const { early, all } = memory.stop();
    print({
      figure: 'memory grown from the first thousand mails to the last',
      value: all - early,
      unit: 'MB',
      limit: 30,
    });
    print({ figure: 'memory grown in all', value: all, unit: 'MB' });
    print({ figure: 'longest stall of the deciding thread', value: stalls.max / 1e6, unit: 'ms', limit: 50 });
  } finally {
    child.kill();
    await close();
  }
}

function fill(store: Store): void {
  for (let i = 0; i < subscribers; i++) {
    const id = `pub_${String(i).padStart(5, '0')}`;
    store.people.addReceiver({
      id,
      origin: 'public',
      channel: 'email',
      settings: {
        sealed: sealSettings(sealer, id, { to: `person${i}@example.org` }),
        about: 'p…@example.org',
      },
      scope: [],
      minImpact: null,
      kinds: ['incident'],
      untilIncidentId: null,
      status: 'active',
      createdAtMs: Date.now(),
      isMutedUntilMs: null,
    });
  }
}

/** Growth of the resident set over its start, at its highest: in the first thousand mails, and in all. */
function watchMemory(): { note(mails: number): void; stop(): { early: number; all: number } } {
  const start = process.memoryUsage().rss;
  let most = start;
  let early = start;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  return {
    note(mails) {
      if (mails === 1_000) early = most;
    },
    stop() {
      clearInterval(timer);
      return { early: (early - start) / 1e6, all: (most - start) / 1e6 };
    },
  };
}
