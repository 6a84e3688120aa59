import type { FeedWindow } from './feed-facts.ts';
import { windowsMs } from './feed-query.ts';
import { isoOrNull } from './feed-routing.ts';
import { windowKey } from './feed-windows.ts';
import type { EndpointFact, RouteState } from './plan.ts';
import { providerBase } from './target.ts';
import type { Verdict } from './words.ts';

/** Where what is known of a route comes from, and how fresh it is. */

type Windows = ReadonlyMap<string, FeedWindow>;

export function evidenceOf(
  route: RouteState,
  endpoint: EndpointFact | undefined,
  {
    windows,
    claimed,
    key,
    everyMs,
  }: { windows: Windows; claimed: ReadonlyMap<string, Verdict>; key: string; everyMs: number },
): Record<string, unknown> {
  const window = windows.get(windowKey(key, evidenceWindowMs(everyMs)));
  return {
    synthetic: window ? window.samples - window.passive : 0,
    passive: window?.passive ?? 0,
    gateway_stats:
      endpoint?.uptime5m == null
        ? null
        : { uptime_last_5m: endpoint.uptime5m, fetched_at: isoOrNull(endpoint.readAtMs ?? null) },
    vendor_status: claimed.get(vendorOf(route)) ?? null,
    affected_by: route.affectedBy,
  };
}

/** Whose page speaks for it: the provider's, or the gateway's where the gateway chooses. */
function vendorOf({ target }: RouteState): string {
  return (target.provider === 'any' ? target.gateway : providerBase(target.provider ?? '')) ?? '';
}

/** The shortest of our windows that holds five looks of a route. */
function evidenceWindowMs(everyMs: number): number {
  return (
    Object.values(windowsMs).find((ms) => ms >= windowsMs['5m'] && ms >= 5 * everyMs) ?? windowsMs['24h']
  );
}

/** Looks that change no decision are newer than it. */
export function lastSampleMs(route: RouteState, key: string, windows: Windows): number | null {
  const lasts = [
    route.confidence.lastSampleAtMs,
    ...Object.values(windowsMs).map((ms) => windows.get(windowKey(key, ms))?.lastAtMs ?? null),
  ].filter((ms) => ms !== null);
  return lasts.length > 0 ? Math.max(...lasts) : null;
}
