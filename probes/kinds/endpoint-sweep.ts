import type { Watched } from '#lib/core/fleet.ts';
import { decodeText, parseJson } from '#lib/core/loose.ts';
import type { Found, ModelFact } from '#lib/core/plan.ts';
import type { ProbeIo } from '../probe.ts';
import { readEndpointList } from './endpoint-list.ts';

/** Who serves what, for every model of the list: read once at the start, then again now and then, a few at a time. */
const sweepEveryMs = 6 * 3_600_000;
const sweepWithinMs = 3_000;
const inFlight = 12;

/** Takes the next models of a sweep, as many as fit into its time; what is left waits for the next look. */
export async function sweepEndpoints(
  watched: Watched,
  io: ProbeIo,
  models: ModelFact[] | null,
  startedMonoMs: number,
): Promise<Found[]> {
  const queue = queueOf(io, models);
  const found: Found[] = [];
  const deadlineMonoMs = Math.min(io.clock.monoMs(), startedMonoMs + io.timeoutMs) + sweepWithinMs;
  let failures = 0;
  const work = async () => {
    // Refusals in a row mean that we ask too much: the rest can wait.
    while (queue.length && failures < 5 && io.clock.monoMs() < deadlineMonoMs && !io.signal.aborted) {
      const model = queue.shift() as string;
      const endpoints = await readOne(watched, io, model);
      if (endpoints) found.push(endpoints);
      else {
        failures += 1;
        queue.push(model);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return found;
}

function queueOf(io: ProbeIo, models: ModelFact[] | null): string[] {
  const nowMs = io.clock.nowMs();
  const last = io.memory.get('sweptAtMs');
  const queue = io.memory.get('sweepQueue');
  const isDue = typeof last !== 'number' || nowMs - last >= sweepEveryMs || nowMs < last;
  if (!models || !isDue) return Array.isArray(queue) ? queue : [];
  const fresh = models
    .filter(isTextModel)
    .sort(byPrice)
    .map(({ id }) => id);
  io.memory.set('sweepQueue', fresh);
  io.memory.set('sweptAtMs', nowMs);
  return fresh;
}

function isTextModel({ id, outputModalities, promptUsd }: ModelFact): boolean {
  return (
    id.includes('/') &&
    !id.includes(':') &&
    promptUsd !== null &&
    (!outputModalities.length || outputModalities.includes('text'))
  );
}

/** Cheap ones first: among them the routes are chosen. */
function byPrice(a: ModelFact, b: ModelFact): number {
  return (a.completionUsd ?? 1) - (b.completionUsd ?? 1) || (a.id < b.id ? -1 : 1);
}

async function readOne(watched: Watched, io: ProbeIo, model: string): Promise<Found | null> {
  const path = model.split('/').map(encodeURIComponent).join('/');
  const look = await io.http.request({
    url: `${watched.baseUrl.replace(/\/+$/, '')}/models/${path}/endpoints`,
    headers: { accept: 'application/json' },
    signal: io.signal,
    limits: { firstByteMs: 3_000, totalMs: 4_000, wireBytes: 2_097_152, bodyBytes: 2_097_152 },
  });
  if (look.status === 404)
    return { kind: 'endpoints', gateway: watched.target.gateway ?? '', model, endpoints: [] };
  if (look.status !== 200 || look.fault) return null;
  const endpoints = readEndpointList(parseJson(decodeText(look.body)), model);
  return endpoints && { kind: 'endpoints', gateway: watched.target.gateway ?? '', model, endpoints };
}
