import { feedClassOf } from './feed-classes.ts';
import type { FeedWindow } from './feed-facts.ts';
import { type WindowName, windowsMs } from './feed-query.ts';
import { share } from './feed-routing.ts';
import { wilson, z } from './statistics.ts';

/** The figures of one target over the feed's windows. */

export function windowsOf(
  key: string,
  windows: ReadonlyMap<string, FeedWindow>,
  names: WindowName[],
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of names) {
    const window = windows.get(windowKey(key, windowsMs[name]));
    if (window) out[name] = windowBody(window);
  }
  return out;
}

export function windowKey(key: string, windowMs: number): string {
  return `${key}@${windowMs}`;
}

function windowBody(window: FeedWindow): Record<string, unknown> {
  const errors: Record<string, number> = {};
  for (const [name, count] of Object.entries(window.byClass)) {
    const feedClass = feedClassOf(name);
    if (feedClass && count > 0) errors[feedClass] = (errors[feedClass] ?? 0) + count;
  }
  return {
    samples: window.samples,
    ok: window.ok,
    success_rate: window.samples ? share(window.ok / window.samples) : null,
    success_rate_ci95: window.samples ? interval(window.ok, window.samples) : null,
    errors,
    ttft_ms: quantiles(window.firstTokenMs),
    itl_ms: interToken(quantiles(window.tokensPerSecond)),
    output_tps: quantiles(window.tokensPerSecond),
    total_ms: quantiles(window.totalMs),
  };
}

function interval(ok: number, samples: number): [number, number] {
  const { low, high } = wilson(ok, samples, z.two95);
  return [share(low), share(high)];
}

/** Below five samples a quantile is an anecdote, and below a tenth it is noise. */
function quantiles<Q extends Record<'n' | 'p50', number>>(q: Q | null): Q | null {
  if (!q || q.n < 5) return null;
  return Object.fromEntries(Object.entries(q).map(([name, value]) => [name, tenth(value)])) as Q;
}

/** The time between two tokens is the other face of tokens a second. */
function interToken(tps: { p50: number; p5: number; n: number } | null): Record<string, number> | null {
  if (!tps || tps.p50 <= 0 || tps.p5 <= 0) return null;
  return { p50: tenth(1000 / tps.p50), p95: tenth(1000 / tps.p5), n: tps.n };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
