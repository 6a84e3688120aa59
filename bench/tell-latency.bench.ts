import { deliveryId } from '#lib/core/message-id.ts';
import { type Print, quantile } from './figure.ts';
import { anEvent, commit, openWorld, startReceivers, wallMs } from './tell/world.ts';

export const name = 'tell: decision to first byte';

const hanging = 500;
const measuredARound = 70;
/** A send is cut at twenty seconds: what is measured later is measured with nobody hanging. */
const roundMs = 14_000;
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const kinds = [
  { on: 'catalog', type: 'catalog.model_added' },
  { on: 'maintenance', type: 'maintenance.scheduled' },
  { on: 'account', type: 'account.warning' },
] as const;

export async function run(print: Print): Promise<void> {
  const { child, ports } = await startReceivers();
  const hangers = kinds.flatMap(({ on }, round) =>
    Array.from({ length: hanging }, (_, i) => ({
      ...{ type: 'webhook', name: `hang-${on}-${i}`, secret, on: [on] },
      url: `http://127.0.0.1:${ports.hang[round]}/${i}`,
    })),
  );
  const url = `http://127.0.0.1:${ports.quick}/`;
  const quick = { type: 'webhook', name: 'quick', url, secret, on: ['incident'] };
  const { store, deliverer, close } = openWorld({ channels: [...hangers, quick] });
  const inFlight = () => deliverer.facts().inFlight as number;
  try {
    const hits = new Map<string, number>();
    child.on('message', (message: { type: string; id?: string; atMs: number }) => {
      if (message.type === 'hit' && message.id) hits.set(message.id, message.atMs);
    });
    const delays: number[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (const { type } of kinds) {
      commit(store, anEvent({ type }));
      deliverer.poke();
      await until(() => inFlight() >= hanging, 20_000);
      const endMs = performance.now() + roundMs;
      for (let i = 0; i < measuredARound && performance.now() < endMs; i++) {
        delays.push(await once(store, deliverer, hits));
        least = Math.min(least, inFlight());
      }
      await until(() => inFlight() === 0, 40_000);
    }
    const note = `${delays.length} messages, never fewer than ${least} others hanging`;
    print({ figure: 'others hanging meanwhile', value: least, unit: 'messages', note });
    print({ figure: 'commit to first byte, p50', value: quantile(delays, 0.5), unit: 'ms', note });
    print({
      ...{ figure: 'commit to first byte, p95', value: quantile(delays, 0.95), unit: 'ms' },
      ...{ limit: 250, note },
    });
  } finally {
    child.kill();
    await close();
  }
}

/** From the commit to the first byte at the one receiver that answers. */
async function once(
  store: ReturnType<typeof openWorld>['store'],
  deliverer: ReturnType<typeof openWorld>['deliverer'],
  hits: Map<string, number>,
): Promise<number> {
  const event = anEvent({});
  commit(store, event);
  const committedMs = wallMs();
  deliverer.poke();
  const id = deliveryId(event.id, 'op_webhook_quick');
  await until(() => hits.has(id), 5_000);
  await new Promise((go) => setTimeout(go, 20));
  return (hits.get(id) ?? Number.NaN) - committedMs;
}

async function until(check: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 2));
  }
}
