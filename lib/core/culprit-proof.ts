import { isSharedByOthers, suspectedOf } from './culprit-loss.ts';
import { isSightProven } from './culprit-prober.ts';
import type { Hypothesis } from './culprit-score.ts';
import type { Look, State } from './state.ts';

/** Is it surely not us? What fails on the network asks for more of those who work meanwhile. */

/** So many failed before any far side answered that our own network could be why. */
export function isAboutNetwork(bad: readonly Look[]): boolean {
  return 3 * bad.filter((look) => look.isNetwork).length > bad.length;
}

/** The same of what a connection that loses a part of everything would show. */
function isAboutLoss(bad: readonly Look[]): boolean {
  return 3 * bad.filter((look) => look.isNetwork && !look.isRefused).length > bad.length;
}

/** Somewhere these failures were seen our own connection was seen to work. */
export function isSightProvenAny(state: State, best: Hypothesis, bad: Look[]): boolean {
  const hosts = new Set(best.tallies.map((tally) => tally.track.host));
  const vantages = new Set(bad.map((look) => look.vantage));
  for (const vantage of vantages) {
    const own = bad.filter((look) => look.vantage === vantage);
    if (!own[0] || !isSightProven(state, vantage, hosts, own[0], own[2] ?? null)) continue;
    if (!isAboutLoss(bad)) return true;
    const { looks, bad: count, scope } = best;
    const isNarrow = scope.kind !== 'gateway' && best.tallies.some(({ track }) => !track.isDirect);
    const suspected = suspectedOf(own, { hosts, looks, bad: count, isNarrow });
    if (!isSharedByOthers(state, vantage, suspected)) return true;
  }
  return false;
}
