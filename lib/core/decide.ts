import { isHeldClass } from './culprit-account.ts';
import { noteHost } from './culprit-prober.ts';
import { weighCutShort } from './cut-short.ts';
import { decideAccount } from './decide-account.ts';
import { askAfter } from './decide-asks.ts';
import { searchAfter, searchAgain } from './decide-culprit.ts';
import { decideMild } from './decide-mild.ts';
import { publishAfter } from './decide-publish.ts';
import { decideSight, noteStall } from './decide-sight.ts';
import { passTime } from './decide-time.ts';
import { type Draft, newDraft, planOf } from './draft.ts';
import { refreshGuard } from './guard.ts';
import { noteCases } from './incident-look.ts';
import { hearWitnesses, noteClaims } from './incident-witness.ts';
import { isInMaintenance } from './maintenance.ts';
import { tellModelGone } from './model-gone.ts';
import { endedAtMs, type Observation } from './observation.ts';
import { classify } from './outcome.ts';
import type { About } from './outcome-facts.ts';
import type { Outcome } from './outcome-words.ts';
import { tellOwnAddress } from './own-address.ts';
import { emptyPlan, type Found, type Plan } from './plan.ts';
import { noteCredit } from './rule.ts';
import type { Look, State, Track } from './state.ts';
import { trackFor } from './state-create.ts';
import { isRepeated, remember } from './state-look.ts';
import { isExplained, learnNoise, noteSeries, noteUnits } from './state-unit.ts';

export { setFrozen } from './guard.ts';
export { adoptIncident } from './incident.ts';
export { noteNews } from './incident-news.ts';
export { restore, type Stored } from './restore.ts';
export { builtInRules, setRules } from './rule.ts';
export type { State } from './state.ts';
export { createState, setFleet } from './state-create.ts';

/** Facts in, decisions out. Pure but for `state`, which is changed in place; no clock, no randomness. */
export function decideObservation(
  state: State,
  o: Observation,
  found: readonly Found[] = [],
): { outcome: Outcome; plan: Plan } {
  const track = trackFor(state, o);
  const outcome = resolveDoubt(state, track, classify(o, aboutOf(state, track, o)));
  if (track.looks.length > 0 && isRepeated(track, o)) return { outcome, plan: emptyPlan };
  const isLate = endedAtMs(o) < state.nowMs - state.policy.late_ms;
  state.nowMs = Math.max(state.nowMs, endedAtMs(o));
  const look = remember(state, track, o, outcome);
  if (track.probe === 'completion') weighCutShort(state, track, look);
  // Announced work is neither good nor bad.
  if (state.maintenance.length > 0 && isInMaintenance(state, track)) look.counts = false;
  noteCredit(state, o);
  noteFound(state, look, found);
  const speakers = noteClaims(state, o);
  if (isLate) return { outcome, plan: emptyPlan };
  const draft = newDraft();
  judge(state, draft, track, look);
  hearWitnesses(state, draft, speakers);
  return { outcome, plan: isEmpty(draft) ? emptyPlan : planOf(draft) };
}

/** In the order of DESIGN: the prober, the account, then everybody else. */
function judge(state: State, draft: Draft, track: Track, look: Look): void {
  noteHost(state, track, look);
  const isOdd = look.weight !== 'good' || look.isNetwork;
  const vantage = state.vantages.get(look.vantage)!;
  const wasBlind = vantage.isBlind;
  if (isOdd || vantage.isBlind || track.probe === 'control') decideSight(state, draft, look);
  if (look.class === 'inconclusive' || vantage.stalls.length > 0) noteStall(state, draft, look);
  if (track.account !== null) decideAccount(state, draft, track, look);
  noteSeries(track, look);
  noteCases(state, draft, track, look);
  if (look.counts && (look.weight === 'good' || look.weight === 'bad')) {
    if (!isExplained(state, track) && track.probe === 'completion') learnNoise(state, look.weight === 'bad');
    noteUnits(state, track, look);
  }
  tellOwnAddress(state, draft, track, look);
  tellModelGone(state, draft, track, look);
  if (state.isQuiet) return;
  if (look.weight === 'bad') searchAfter(state, draft, track, look);
  else if (state.awaitingProof !== null && look.weight === 'good') searchAgain(state, draft);
  if (look.isSlow || look.weight === 'limited') decideMild(state, draft, track, look);
  askAfter(state, draft, track, look);
  publishAfter(state, draft, track, look);
  // Readers hold what they have while we are blind: they hear at once that it is over.
  if (vantage.isBlind !== wasBlind) refreshGuard(state, draft);
}

function aboutOf(state: State, track: Track, o: Observation): About {
  const about: About = {};
  if (track.watched) {
    about.watched = track.watched;
    if (track.watched.options.isByok === true) about.isByok = true;
  }
  if (isBlindLook(state, o)) about.vantageBlind = true;
  if (o.error !== null && o.target.model !== null && o.target.gateway !== null) {
    const listed = state.listed.get(o.target.gateway);
    if (listed?.models.has(o.target.model)) about.isModelListed = true;
    else if (listed?.isComplete) about.isModelListed = false;
  }
  return about;
}

/** Also one that began while we were blind and hung until after it. */
function isBlindLook(state: State, o: Observation): boolean {
  const vantage = state.vantages.get(o.vantage);
  if (!vantage) return false;
  if (vantage.isBlind) return true;
  const { blindSinceMs, seeingSinceMs } = vantage;
  return seeingSinceMs !== null && blindSinceMs !== null && o.atMs < seeingSinceMs && o.atMs >= blindSinceMs;
}

/** Once it is known whose fault they are, refusals are no longer doubtful: ours count for nothing, the far side's like any failure. */
function resolveDoubt(state: State, track: Track, outcome: Outcome): Outcome {
  if (!isHeldClass(outcome.class) || track.account === null) return outcome;
  const verdict = state.accounts.get(track.account)?.verdict;
  if (verdict === 'account') {
    return { ...outcome, class: 'unauthorized', weight: 'neutral', blame: 'account', isCountable: false };
  }
  const isFarSide = verdict === 'gateway' && isExplainedByFarSide(track);
  return isFarSide
    ? { ...outcome, blame: track.isDirect ? 'provider' : 'gateway', isCountable: true }
    : outcome;
}

function isExplainedByFarSide(track: Track): boolean {
  return track.cases.some(
    (one) => one.incident.status === 'open' && one.incident.isPublic && one.nature === 'failing',
  );
}

function noteFound(state: State, look: Look, found: readonly Found[]): void {
  for (const one of found) {
    // What a record says later belongs to another look.
    if (one.kind === 'quote' || (one.kind === 'generation' && one.lookAtMs === look.atMs)) {
      look.generationId = one.generationId;
      look.edgeId = one.edgeId;
    }
    if (one.kind !== 'models') continue;
    state.listed.set(one.gateway, {
      models: new Set(one.models.map((model) => model.id)),
      isComplete: one.isComplete,
    });
  }
}

function isEmpty(draft: Draft): boolean {
  return (
    draft.events.length === 0 &&
    draft.incidents.size === 0 &&
    draft.routes.size === 0 &&
    draft.components.size === 0 &&
    draft.guard === null &&
    draft.asks.size === 0
  );
}

/** Time passes: expiry, ramps, retries, maintenance, closing. */
export function decideTime(state: State, nowMs: number): Plan {
  state.nowMs = Math.max(state.nowMs, nowMs);
  if (state.nowMs < state.nextScanMs) return emptyPlan;
  const draft = newDraft();
  passTime(state, draft);
  return isEmpty(draft) ? emptyPlan : planOf(draft);
}
