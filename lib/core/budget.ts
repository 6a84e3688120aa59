import type { Watched } from './fleet.ts';
import type { Observation } from './observation.ts';
import { hasReached } from './observation.ts';

/** What one look costs: reserved before the call, settled after it. */

/** Prices in catalogues lag and tokenisers differ: a reservation is this many times the expected price. */
export const safetyFactor = 2;
/** Tokens a question of ours can have, with whatever a gateway adds to it. */
const longestPrompt = 96;
/** A reported cost above this many reservations is a lie or a new price: it is learned, step by step. */
export const believedFactor = 4;

export function isPaid(watched: Pick<Watched, 'probe'>): boolean {
  return watched.probe === 'completion' || watched.probe === 'capability' || watched.probe === 'drift';
}

/** How many calls one look makes: a comparison asks every endpoint it names. */
export function requestsOf(watched: Pick<Watched, 'probe' | 'options'>): number {
  const { endpoints } = watched.options;
  return watched.probe === 'drift' && Array.isArray(endpoints) ? Math.max(1, endpoints.length) : 1;
}

/** `learnedUsd`: the dearest look of this target so far, when it was dearer than the catalogue says. */
export function reservedUsd(
  watched: Pick<Watched, 'priceUsd' | 'price' | 'maxTokens'>,
  learnedUsd: number,
): number {
  const { price } = watched;
  const longest = price
    ? price.promptUsd * longestPrompt + price.completionUsd * (watched.maxTokens + 1) + price.requestUsd
    : 0;
  return Math.max(watched.priceUsd * safetyFactor, longest, learnedUsd * 1.25);
}

/** The far side charges for nothing that it refused or never received. */
export function isChargeable(o: Observation): boolean {
  // Cut off from our side: how far it came is not known.
  if (!hasReached(o, 'sent')) return o.fault === 'aborted';
  return o.status === null || o.status < 400 || o.timing.firstTokenMs !== null;
}

/**
 * What a look counts in the ledger. A missing, negative or implausibly small report counts as the reservation:
 * the catalogue's price with its safety factor. `listed`: the reservation without anything learned, where that is less.
 */
export function settledUsd(
  reportedUsd: number | null,
  reserved: number,
  isCharged: boolean,
  listed = reserved,
): number {
  const isReported = reportedUsd !== null && Number.isFinite(reportedUsd) && reportedUsd >= 0;
  if (!isReported || reportedUsd < listed / (safetyFactor * 10)) return isCharged ? reserved : 0;
  return Math.min(reportedUsd, Math.max(reserved * believedFactor, unpricedUsd));
}

/** The most that is believed of a look whose route has no price. */
const unpricedUsd = 0.001;
