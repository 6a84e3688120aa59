import { probeWays } from './observation.ts';
import { edgeRows, errorRows } from './outcome-errors.ts';
import { type Facts, conclude as say } from './outcome-facts.ts';
import type { BlameHint, Outcome, OutcomeClass } from './outcome-words.ts';

/** Looks that cost nothing: lists, accounts, pages, controls, plain addresses. */
export function freeOutcome(f: Facts): Outcome | null {
  const { probe, fault, status, error } = f.o;
  const way = probeWays[probe];
  switch (way) {
    case 'call':
      return null;
    case 'control':
      // Any answer shows that our own connection works.
      return status !== null
        ? say(f, 'ok', 'nobody', 'C0', 'the reference site answered')
        : say(f, 'connect_failed', 'prober', 'C1', 'the reference site did not answer');
    case 'address':
      if (fault === 'timeout') return say(f, 'timeout_total', 'provider', 'H2', 'no answer in time');
      if (fault !== null) return null;
      return error === null
        ? say(f, 'ok', 'nobody', 'H0', 'as expected')
        : say(f, 'http_5xx', 'provider', 'H1', error.message ?? 'not as expected');
    case 'list':
      return catalogOutcome(f);
    case 'account':
      return accountOutcome(f);
    case 'page':
      // A page that was asked for again within its minute has no status of its own.
      return fault === null && status !== null && (status < 300 || status === 304)
        ? say(f, 'ok', 'nobody', 'W0', 'the page was read')
        : neutral(say(f, 'inconclusive', 'nobody', 'W1', 'the page could not be read'));
    case 'ability':
      // What a route can do, and whether it still says the same, is shown and never counted.
      return fault === null && error === null && f.o.output?.done === true
        ? neutral(say(f, 'ok', 'nobody', 'Q0', 'the route was asked'))
        : neutral(say(f, 'inconclusive', 'nobody', 'Q1', 'the route gave no whole answer'));
    default:
      return way satisfies never;
  }
}

const freshCache = ['MISS', 'EXPIRED', 'BYPASS', 'DYNAMIC', 'REVALIDATED'];

function catalogOutcome(f: Facts): Outcome | null {
  const { fault, status, edge } = f.o;
  if (fault === 'timeout') return say(f, 'timeout_total', 'gateway', 'L2', 'the list did not come in time');
  if (fault !== null || status === null) return null;
  const cache = edge?.cache?.toUpperCase() ?? null;
  if (status < 400 && cache !== null && !freshCache.includes(cache)) {
    // A copy out of a cache keeps coming while the origin is dead.
    return neutral(say(f, 'ok', 'nobody', 'L1', 'the list came from a cache'));
  }
  if (f.o.error === null && status < 400) return say(f, 'ok', 'nobody', 'L0', 'the list was served');
  if (status === 401 || status === 403) {
    return f.o.error?.body === 'html'
      ? say(f, 'blocked_here', 'prober', 'T3', 'our own address is blocked')
      : say(f, 'ok', 'nobody', 'L3', 'alive; it wants a key');
  }
  if (status === 404) return say(f, 'bad_request', 'prober', 'L4', 'alive; our path is wrong');
  return failed(f);
}

function accountOutcome(f: Facts): Outcome | null {
  const { fault, status, keyed, account } = f.o;
  if (fault === 'timeout')
    return say(f, 'timeout_total', 'gateway', 'K2', 'the key check did not come in time');
  if (fault !== null || status === null) return null;
  if (!keyed && (status === 401 || status === 403)) {
    return say(f, 'ok', 'nobody', 'K0', 'alive; without a key it refuses, as it should');
  }
  if (status < 400 && f.o.error === null) {
    if (account?.valid === false) return say(f, 'unauthorized', 'account', 'K3', 'the key is not valid');
    if (account?.limitRemainingUsd !== null && (account?.limitRemainingUsd ?? 1) <= 0) {
      return say(f, 'key_limit', 'account', 'K4', 'nothing is left on the key');
    }
    return say(f, 'ok', 'nobody', 'K1', 'the key is valid');
  }
  return failed(f);
}

/** A free look of a gateway that got an error: the same table, and never a provider's fault. */
function failed(f: Facts): Outcome {
  const row = [...edgeRows, ...errorRows].find((candidate) => candidate.when(f))!;
  const blame = typeof row.blame === 'function' ? row.blame(f) : row.blame;
  return say(
    f,
    row.class,
    blame === 'provider' || blame === 'unknown' ? planeBlame(row.class) : blame,
    row.id,
    row.why,
  );
}

function planeBlame(outcomeClass: OutcomeClass): BlameHint {
  return outcomeClass === 'unauthorized_doubtful' ? 'unknown' : 'gateway';
}

function neutral(outcome: Outcome): Outcome {
  return { ...outcome, weight: 'neutral' };
}
