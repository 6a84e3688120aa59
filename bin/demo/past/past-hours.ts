import type { Watched } from '#lib/core/fleet.ts';
import type { PastHour, PastSeries } from '#lib/store.ts';
import { type Episode, strikes } from './calendar.ts';
import { speeds } from './past-looks.ts';

const hourMs = 3_600_000;
/** So many latencies stand for an hour: enough for a p95, few enough for a quick start. */
const samples = 12;

/** Counts and latencies of one route, hour by hour, without a single look being made. */
export function pastSeries(
  watched: Watched,
  span: { fromMs: number; toMs: number },
  io: { vantage: string; random: () => number; episodes: readonly Episode[] },
): PastSeries {
  // The lists kept coming in every outage that is documented.
  const ours = watched.probe === 'completion' ? io.episodes.filter((e) => strikes(e, watched.target)) : [];
  const hours: PastHour[] = [];
  for (let atMs = span.fromMs; atMs < span.toMs; atMs += hourMs) {
    const struck = ours.filter((e) => e.fromMs < atMs + hourMs && e.toMs > atMs);
    hours.push(pastHour(watched, atMs, struck, io.random));
  }
  return {
    probe: watched.probe,
    target: watched.target,
    vantage: io.vantage,
    slotMs: watched.everyMs,
    hours,
  };
}

function pastHour(
  watched: Watched,
  atMs: number,
  struck: readonly Episode[],
  random: () => number,
): PastHour {
  const slots = Math.round(hourMs / watched.everyMs);
  const classes: Record<string, number> = {};
  let slow = 1;
  let left = slots;
  const take = (name: string, share: number): void => {
    const wanted = share * slots;
    const count = Math.min(left, Math.floor(wanted) + (random() < wanted % 1 ? 1 : 0));
    if (count <= 0) return;
    classes[name] = (classes[name] ?? 0) + count;
    left -= count;
  };
  for (const e of struck) {
    const overlap = (Math.min(e.toMs, atMs + hourMs) - Math.max(e.fromMs, atMs)) / hourMs;
    if (e.fault.kind === 'slow') slow = 1 + (e.fault.factor - 1) * overlap;
    else take(e.fault.kind === 'limited' ? 'limited_upstream' : classOf(e.fault.status), overlap * e.share);
  }
  if (watched.probe === 'completion') {
    take('http_5xx', 0.0004 * random());
    take('timeout_first_token', 0.0002 * random());
    take('limited_upstream', 0.004 * random());
  }
  if (left > 0) classes.ok = left;
  return {
    hourMs: atMs,
    classes,
    ...latencies(watched, atMs, slow, random),
    costUsd: watched.priceUsd * left,
  };
}

function classOf(status: number): string {
  if (status === 401) return 'unauthorized_doubtful';
  return status === 529 ? 'overloaded' : 'http_5xx';
}

function latencies(
  watched: Watched,
  atMs: number,
  slow: number,
  random: () => number,
): Pick<PastHour, 'firstTokenMs' | 'totalMs' | 'worstGapMs' | 'tokensPerSecond'> {
  const all = Array.from({ length: samples }, () => speeds(watched, atMs, random, slow));
  if (watched.probe !== 'completion')
    return {
      firstTokenMs: [],
      totalMs: all.map(() => 20 + 15 * random()),
      worstGapMs: [],
      tokensPerSecond: [],
    };
  return {
    firstTokenMs: all.map((s) => s.firstTokenMs),
    totalMs: all.map((s) => s.totalMs),
    worstGapMs: all.map((s) => s.worstGapMs),
    tokensPerSecond: all.map((s) => s.tokensPerSecond),
  };
}
