import { confidenceOf, noConfidence } from './confidence.ts';
import { isAccountTrouble } from './culprit-account.ts';
import { isHeld } from './culprit-tally.ts';
import type { Confidence } from './plan.ts';
import { sayTime } from './sentence-time.ts';
import { ownChecksFail } from './sentence-words.ts';
import { type Case, expiryMs, type Look, presentFromMs, type State, type Track } from './state.ts';
import { wilson, z } from './statistics.ts';
import { isOfEarlierFault } from './told.ts';
import type { Verdict } from './words.ts';

/** What one target is judged to be, from its own recent looks. */
export interface Judged {
  verdict: Verdict;
  reason: string;
  confidence: Confidence;
  isLimited: boolean;
}

const chanceOfLuck = 0.05;

export function judgeTarget(state: State, track: Track): Judged {
  const fresh = freshLooks(state, track);
  const telling = fresh.filter((look) => look.weight !== 'neutral' && isOfPresent(state, track, look));
  const isLimited = limitedNow(telling);
  if (telling.length === 0 || isTurnedAway(state, track, fresh)) {
    return {
      verdict: 'unknown',
      reason: whyUnknown(state, track, fresh),
      confidence: noConfidence,
      isLimited: false,
    };
  }
  const { calm, before } = splitRecovery(telling);
  const used = calm.length > 0 && isRecovered(calm.length, before) ? calm : telling;
  const confidence = confidenceOf(used, state.policy);
  const verdict = verdictOf(state, track, used);
  return { verdict, reason: reasonOf(state, verdict, used, isLimited), confidence, isLimited };
}

/** No refusal that may be our own affair, and no failure of a fault that is over. */
export function isOfPresent(state: State, track: Track, look: Look): boolean {
  if (look.weight === 'good') return true;
  return !isHeld(state, track, look) && !(look.weight === 'bad' && isOfEarlierFault(state, track, look));
}

/** Its latest looks were refused, and why is not known or our own affair: what worked before says nothing of now. */
function isTurnedAway(state: State, track: Track, fresh: readonly Look[]): boolean {
  const last = fresh.slice(-2);
  return last.length === 2 && last.every((look) => isHeld(state, track, look));
}

/** Looks that still count: not older than the expiry, and at most the sample window. */
function freshLooks(state: State, track: Track): Look[] {
  const lastMs = state.nowMs - expiryMs(state, track);
  const newest = track.looks.at(-1);
  if (!newest || newest.endMs < lastMs) return [];
  const fromMs = presentFromMs(state, track);
  return track.looks.filter((look) => look.endMs >= fromMs);
}

function splitRecovery(looks: readonly Look[]): { calm: Look[]; before: Look[] } {
  let at = looks.length;
  while (at > 0 && looks[at - 1]!.weight !== 'bad') at--;
  return { calm: looks.slice(at), before: looks.slice(0, at) };
}

/** So many good looks in a row do not come from a target that fails as it did before. */
function isRecovered(calm: number, before: readonly Look[]): boolean {
  const bad = before.filter((look) => look.weight === 'bad').length;
  if (bad === 0) return true;
  return (1 - Math.min(0.95, bad / before.length)) ** calm < chanceOfLuck;
}

function verdictOf(state: State, track: Track, looks: readonly Look[]): Verdict {
  const bad = looks.filter((look) => look.weight === 'bad').length;
  const mild = track.cases.some((one) => one.nature !== 'failing' && isOpen(one));
  const calm: Verdict = mild || isWrong(looks) ? 'degraded' : 'operational';
  if (bad === 0) return calm;
  const run = badRun(looks);
  const blamed = track.cases.some((one) => one.nature === 'failing' && isOpen(one));
  const lowest = wilson(bad, looks.length, z.lower90).low;
  if (run >= 3 || (blamed && lowest >= state.policy.major_share)) return 'major_outage';
  if (blamed) return 'partial_outage';
  if (looks.length >= state.policy.circuit_least_looks) {
    const good = looks.length - bad;
    if (wilson(good, looks.length, z.two95).high < state.policy.open_success_share) return 'partial_outage';
    // Two failures among ten are what noise does; the wider interval waits for a third.
    if (wilson(good, looks.length, z.two99).high < state.policy.degraded_success_share) return 'degraded';
  }
  return run === looks.length ? (run >= 2 ? 'degraded' : 'unknown') : calm;
}

function isOpen(one: Case): boolean {
  return one.incident.status === 'open';
}

export function badRun(looks: readonly Look[]): number {
  let run = 0;
  for (let i = looks.length - 1; i >= 0; i--) {
    const { weight } = looks[i]!;
    if (weight === 'good' || weight === 'limited') break;
    if (weight === 'bad') run += 1;
  }
  return run;
}

/** The last three answers were wrong. */
function isWrong(looks: readonly Look[]): boolean {
  const last = looks.slice(-3);
  return last.length === 3 && last.every((look) => look.class === 'wrong_answer');
}

function limitedNow(looks: readonly Look[]): boolean {
  const last = looks.slice(-6);
  const limited = last.filter((look) => look.weight === 'limited').length;
  return looks.at(-1)?.weight === 'limited' || limited >= 2;
}

function whyUnknown(state: State, track: Track, fresh: readonly Look[]): string {
  const last = track.looks.at(-1);
  if (!last) return 'not checked yet';
  const said = fresh.at(-1);
  if (said) return isAccountTrouble(said) ? ownChecksFail : said.reason;
  return `not checked for ${sayTime(state.nowMs - last.endMs)}`;
}

function reasonOf(state: State, verdict: Verdict, looks: readonly Look[], isLimited: boolean): string {
  const bad = looks.filter((look) => look.weight === 'bad');
  const spanMs = Math.max(1_000, state.nowMs - looks[0]!.atMs);
  const last = bad.at(-1);
  if (verdict === 'operational' && bad.length === 0) {
    const limited = isLimited ? ', some were turned away (429)' : '';
    return `${looks.length} of ${looks.length} checks worked in ${sayTime(spanMs)}${limited}`;
  }
  const why = last ? `: ${last.reason}` : '';
  return last
    ? `${bad.length} of ${looks.length} checks failed in ${sayTime(spanMs)}${why}`
    : `${looks.length} checks in ${sayTime(spanMs)}, slow, limited or wrong`;
}
