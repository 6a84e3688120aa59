import type { Watched } from '#lib/core/fleet.ts';
import { blankObservation, noTiming, type Observation } from '#lib/core/observation.ts';
import { SimCatalog } from '#probes/sim/catalog.ts';
import { candidates } from '#probes/sim/routing.ts';
import { demoLatencyScale, directFirstTokenMs } from '../world.ts';
import { type Episode, strikes } from './calendar.ts';

/** One look of the made-up past, as the real probe would have seen it. */
export interface PastIo {
  vantage: string;
  random: () => number;
  episodes: readonly Episode[];
}

export function pastLook(watched: Watched, atMs: number, why: Observation['why'], io: PastIo): Observation {
  const { probe, target } = watched;
  const base = blankObservation({
    atMs: Math.round(atMs),
    vantage: io.vantage,
    probe,
    target,
    why,
    slot: why === 'slot' ? Math.floor(atMs / watched.everyMs) : null,
    endpoint: watched.endpoint,
    family: 4,
  });
  const hit = io.episodes.find(
    (e) => atMs >= e.fromMs && atMs < e.toMs && strikes(e, target) && io.random() < e.share,
  );
  switch (probe) {
    case 'completion':
      return completion(base, watched, hit, io);
    case 'catalog':
      return { ...base, ...answered(io, 20), reached: 'done', status: 401, keyed: false };
    case 'account':
      return account(base, hit, io);
    default:
      return { ...base, ...answered(io, 12), reached: 'done', status: 200, keyed: false };
  }
}

function answered(io: PastIo, aroundMs: number): Pick<Observation, 'timing'> {
  const headersMs = tenth(aroundMs * (0.8 + 0.6 * io.random()));
  return {
    timing: {
      ...noTiming,
      connectMs: tenth(headersMs * 0.2),
      headersMs,
      firstByteMs: headersMs,
      totalMs: tenth(headersMs * 1.1),
    },
  };
}

function account(base: Observation, hit: Episode | undefined, io: PastIo): Observation {
  const struck = hit?.gateway && hit.fault.kind === 'error' ? hit.fault : null;
  const look = { ...base, ...answered(io, 40), reached: 'done' as const };
  if (struck)
    return {
      ...look,
      status: struck.status,
      error: errorOf(struck.status, struck.message, null),
      account: { valid: null, limitRemainingUsd: null, isFreeTier: null },
    };
  return { ...look, status: 200, account: { valid: true, limitRemainingUsd: 42.5, isFreeTier: false } };
}

function completion(base: Observation, watched: Watched, hit: Episode | undefined, io: PastIo): Observation {
  const fault = hit?.fault ?? (io.random() < 0.0003 ? oddFault : null);
  if (fault?.kind === 'error' || fault?.kind === 'limited') {
    const status = fault.kind === 'limited' ? 429 : fault.status;
    const message = fault.kind === 'limited' ? 'temporarily rate-limited upstream' : fault.message;
    const names = fault.kind === 'limited' || fault.namesProvider;
    const provider = names && watched.target.gateway !== 'direct' ? watched.target.provider : null;
    const limit = fault.kind === 'limited' ? 'upstream_provider_shared_pool' : null;
    return {
      ...base,
      ...answered(io, 90),
      reached: 'done',
      status,
      error: { ...errorOf(status, message, provider), limit },
    };
  }
  const times = speeds(watched, base.atMs, io.random, fault?.kind === 'slow' ? fault.factor : 1);
  const { provider, model } = watched.target;
  return {
    ...base,
    reached: 'done',
    status: 200,
    served: { provider: provider === 'any' ? null : provider, model },
    timing: {
      ...noTiming,
      dnsMs: 1.2,
      connectMs: 7.5,
      tlsMs: 15.1,
      headersMs: tenth(times.firstTokenMs * 0.4),
      firstByteMs: tenth(times.firstTokenMs * 0.4),
      firstTokenMs: times.firstTokenMs,
      worstGapMs: times.worstGapMs,
      totalMs: times.totalMs,
    },
    output: { tokens: 2, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
    costUsd: watched.priceUsd,
  };
}

const oddFault: Episode['fault'] = {
  kind: 'error',
  status: 502,
  message: 'Provider returned error',
  namesProvider: true,
};

function errorOf(
  status: number,
  message: string,
  provider: string | null,
): NonNullable<Observation['error']> {
  return {
    code: String(status),
    type: null,
    message,
    provider,
    limit: null,
    attempt: provider ? 1 : null,
    body: 'json',
    inBand: false,
  };
}

/** Every route has its own pace; evenings are slower; now and then one answer takes much longer. */
export function speeds(
  watched: Watched,
  atMs: number,
  random: () => number,
  factor: number,
): { firstTokenMs: number; worstGapMs: number; totalMs: number; tokensPerSecond: number } {
  const own = usualFirstTokenMs(watched);
  const hour = (atMs / 3_600_000) % 24;
  const daily = 1 + 0.18 * Math.sin(((hour - 10) / 24) * 2 * Math.PI);
  const spread = Math.exp((random() + random() + random() - 1.5) * 0.5) * (random() < 0.01 ? 3 : 1);
  const firstTokenMs = own * daily * spread * factor;
  const tokensPerSecond = (45 + (hash(`${watched.key} tps`) % 120)) / Math.sqrt(spread * factor);
  const worstGapMs = 2000 / tokensPerSecond;
  return {
    firstTokenMs: tenth(firstTokenMs),
    worstGapMs: tenth(worstGapMs),
    totalMs: tenth(firstTokenMs + 2.5 * worstGapMs),
    tokensPerSecond: tenth(tokensPerSecond),
  };
}

const catalog = new SimCatalog();
const usual = new Map<string, number>();

/** As fast as the simulator will answer from now on, so that nothing looks slow or quick when the demo starts. */
function usualFirstTokenMs({ key, target }: Watched): number {
  const known = usual.get(key);
  if (known !== undefined) return known;
  const model = target.gateway === 'direct' ? null : catalog.find(target.model ?? '');
  const order = target.provider === 'any' || !target.provider ? [] : [target.provider];
  const wish = { order, only: [], hasFallbacks: order.length === 0 };
  const endpoint = model ? candidates(model, wish, () => false)[0] : null;
  const ms = endpoint ? usualMs(endpoint.firstTokenMs, demoLatencyScale) : directFirstTokenMs + 5;
  usual.set(key, ms);
  return ms;
}

function usualMs(firstTokenMs: number, scale: number): number {
  return (25 + firstTokenMs) * scale + 5;
}

function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function hash(text: string): number {
  let h = 2_166_136_261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619);
  return h >>> 0;
}
