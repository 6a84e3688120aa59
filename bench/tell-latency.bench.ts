import { deliveryId } from '#lib/core/message-id.ts';
import { anEvent, commit, openWorld, quantile, startReceivers, wallMs } from './tell/world.ts';

export const name = 'tell: decision to first byte';

const hanging = 500;
const measured = 200;
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

export async function run(
  print: (line: { figure: string; value: number; unit: string; limit?: number; note?: string }) => void,
): Promise<void> {
  const { child, ports } = await startReceivers();
  const hangers = Array.from({ length: hanging }, (_, i) => ({
    type: 'webhook',
    name: `hang-${i}`,
    url: `http://127.0.0.1:${ports.hang}/${i}`,
    secret,
    on: ['catalog'],
  }));
  const quick = {
    type: 'webhook',
    name: 'quick',
    url: `http://127.0.0.1:${ports.quick}/`,
    secret,
    on: ['incident'],
  };
  const { store, deliverer, close } = openWorld({ channels: [...hangers, quick] });
  try {
    const hits = new Map<string, number>();
    child.on('message', (message: { type: string; id?: string; atMs: number }) => {
      if (message.type === 'hit' && message.id) hits.set(message.id, message.atMs);
    });
    commit(store, anEvent({ type: 'catalog.model_added' }));
    deliverer.poke();
    await until(() => (deliverer.facts().inFlight as number) >= hanging, 20_000);
    const delays = await measure(store, deliverer, hits);
    const inFlight = deliverer.facts().inFlight as number;
    const note = `${inFlight} others hanging, ${delays.length} messages`;
    print({ figure: 'commit to first byte, p50', value: quantile(delays, 0.5), unit: 'ms', note });
    print({
      figure: 'commit to first byte, p95',
      value: quantile(delays, 0.95),
      unit: 'ms',
      limit: 250,
      note,
    });
  } finally {
    child.kill();
    await close();
  }
}

async function measure(
  store: ReturnType<typeof openWorld>['store'],
  deliverer: ReturnType<typeof openWorld>['deliverer'],
  hits: Map<string, number>,
): Promise<number[]> {
  const delays: number[] = [];
  for (let i = 0; i < measured; i++) {
    const event = anEvent({});
    commit(store, event);
    const committedMs = wallMs();
    deliverer.poke();
    const id = deliveryId(event.id, 'op_webhook_quick');
    await until(() => hits.has(id), 5_000);
    delays.push((hits.get(id) ?? Number.NaN) - committedMs);
    await new Promise((go) => setTimeout(go, 20));
  }
  return delays;
}

async function until(check: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 2));
  }
}
