import type { ComponentState, CoreEvent, Evidence, Incident, RouteState, Scope } from './plan.ts';
import { clock, sayShare, sayTime } from './sentence-time.ts';
import { classPhrases, impactPhrases, isStall, nameOf, ownChecksFail } from './sentence-words.ts';
import { type CulpritKind, type Impact, type Verdict, verdictWords } from './words.ts';

export { sayTime } from './sentence-time.ts';
export { nameOf } from './sentence-words.ts';

/** Everything the core says about what it found: page, title, email, Slack, feed and command line quote these. */

export type Nature = 'failing' | 'slow' | 'limited';

/** Who is at fault, as the subject of a sentence. */
export function subjectOf(scope: Scope): string {
  switch (scope.kind) {
    case 'gateway':
    case 'provider':
      return nameOf(scope.id);
    case 'model':
      return `The model ${scope.id}`;
    case 'route':
      return `The route ${scope.id}`;
    case 'account':
      return `Our account with ${nameOf(scope.id.replace(/^direct\//, ''))}`;
    case 'prober':
      return 'Our own connection';
    default:
      return scope.kind satisfies never;
  }
}

/** What an incident is called: `OpenRouter is down`. */
export function incidentTitle(
  incident: Pick<Incident, 'scope' | 'impact'> & { reason?: string },
  nature: Nature = 'failing',
): string {
  const { scope, impact, reason = '' } = incident;
  const subject = subjectOf(scope);
  if (scope.kind === 'account') return `${subject} is refused`;
  if (isStall({ scope, reason })) return `Our own process is overloaded, checked from ${scope.id}`;
  if (scope.kind === 'prober') return `${subject} ${impactPhrases.failing[impact]}, checked from ${scope.id}`;
  const via = scope.via ? ` through ${nameOf(scope.via)}` : '';
  return `${subject} ${impactPhrases[nature][impact]}${via}`;
}

/** `OpenRouter fails in part: 9 of 41 checks failed in 90 s over 7 providers. Since 05:27 UTC, for 12 min.` */
export function incidentSentence(incident: Incident, nowMs: number): string {
  const { title, scope, reason, evidence, startedAtMs, resolvedAtMs, isUnstable } = incident;
  if (resolvedAtMs !== null) {
    return `${title}: over. It lasted ${sayTime(resolvedAtMs - startedAtMs)}, from ${clock(startedAtMs)} to ${clock(resolvedAtMs)} UTC.`;
  }
  const quietMs = isUnstable ? evidence.quietSinceMs : null;
  if (quietMs)
    return `${subjectOf(scope)} comes and goes since ${clock(startedAtMs)} UTC: it has worked since ${clock(quietMs)} UTC and is watched until it stays so.`;
  const since = `Since ${clock(startedAtMs)} UTC, for ${sayTime(nowMs - startedAtMs)}`;
  return `${title}: ${reason}. ${since}${isUnstable ? ', coming and going' : ''}.`;
}

/** The numbers that decided, in one line. */
export function evidenceSentence(
  evidence: Evidence,
  scope: Scope,
  nature: Nature,
  isDirectFine: boolean,
): string {
  const { failed, total, providers, windowMs } = evidence;
  const verb = { failing: 'failed', slow: 'were slow', limited: 'were turned away' }[nature];
  const over = providers > 1 ? ` over ${providers} providers` : '';
  const [mostly] = Object.entries(evidence.byClass).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kind = nature === 'failing' && mostly ? `, mostly ${classPhrases[mostly[0]] ?? mostly[0]}` : '';
  const contrast = scope.via
    ? '; called directly it works'
    : isDirectFine && (scope.kind === 'gateway' || scope.kind === 'provider')
      ? scope.kind === 'gateway'
        ? '; providers called directly are fine'
        : ''
      : '';
  const others = scope.kind === 'route' ? '; its provider and its model work elsewhere' : '';
  return `${failed} of ${total} checks ${verb} in ${sayTime(windowMs)}${over}${kind}${contrast}${others}`;
}

export function candidatesSentence(candidates: readonly Scope[]): string {
  if (candidates.length < 2) return '';
  return `it could also be ${candidates
    .slice(1, 4)
    .map((scope) => subjectOf(scope).replace(/^(The|Our) /, (word) => word.toLowerCase()))
    .join(' or ')}`;
}

const subjectIn = (i: Incident) => (isStall(i) ? 'Our own process' : subjectOf(i.scope));

const lines = {
  opened: (i: Incident) => `${i.title}: ${i.reason}.`,
  changed: (i: Incident) => `Now: ${i.title.replace(/^The /, 'the ')}. ${upper(i.reason)}.`,
  unstable: (i: Incident) => `${subjectIn(i)} is unstable: the fault comes and goes.`,
  steady: (i: Incident) => `${subjectIn(i)} is steady again.`,
  resolved: (i: Incident) =>
    `${subjectIn(i)} works again after ${sayTime((i.resolvedAtMs ?? i.openedAtMs) - i.startedAtMs)}.`,
  reopened: (i: Incident) => `It is back: ${i.title}. ${upper(i.reason)}.`,
} as const;

/** One entry of a timeline, and the sentence of the event that goes with it. */
export function incidentLine(kind: keyof typeof lines, incident: Incident): string {
  return lines[kind](incident);
}

export function noticeSentence(scope: Scope, failed: number, total: number, windowMs: number): string {
  return `${sayShare(failed, total)} of the checks of ${subjectOf(scope).replace(/^The /, 'the ')} failed in the last ${sayTime(windowMs)} (${failed} of ${total}).`;
}

export function circuitSentence(
  route: RouteState,
  to: 'opened' | 'half_opened' | 'closed',
  because: string,
): string {
  const who = `${nameOf(route.target.provider ?? '')} for ${route.target.model} through ${nameOf(route.target.gateway ?? '')}`;
  switch (to) {
    case 'opened':
      return `${upper(who)} is taken out of rotation: ${because}.`;
    case 'half_opened':
      return `${upper(who)} is being tried again.`;
    case 'closed':
      return `${upper(who)} is back in rotation.`;
    default:
      return to satisfies never;
  }
}

export function chainSentence(id: string, step: number | null, steps: number, usable: number): string {
  if (step === null) return `Chain ${id} has no step left: none of its ${steps} steps works.`;
  const left = usable === 1 ? '1 step left' : `${usable} steps left`;
  return step === 0
    ? `Chain ${id} is on its first step, ${left}.`
    : `Chain ${id} is on step ${step + 1}, ${left}.`;
}

export function guardSentence(state: 'normal' | 'suppressed' | 'frozen', isBlind: boolean): string {
  if (isBlind) return 'Our own connection is down: nothing is judged until it is back.';
  if (state === 'frozen') return 'The operator has frozen the feed.';
  if (state === 'suppressed') return 'Very much fails at once: held back until it is confirmed.';
  return 'The feed follows what is seen.';
}

/** The sentence of any event: the core wrote it when it made the event. */
export function eventSentence(event: CoreEvent): string {
  return event.sentence;
}

export interface Overall {
  components: readonly ComponentState[];
  incidents: readonly Incident[];
  nowMs: number;
  lastLookAtMs: number | null;
  isBlind: boolean;
  /** The worker is silent: what is shown is old. */
  isStale?: boolean;
}

const worth: Record<CulpritKind, number> = {
  gateway: 0,
  provider: 1,
  model: 2,
  route: 3,
  account: 4,
  prober: 5,
};
const impactOrder: Record<Impact, number> = { major_outage: 0, partial_outage: 1, degraded: 2 };

/** What the first line is about, worst first. */
function openFaults(o: Overall): Incident[] {
  return o.incidents
    .filter((incident) => incident.status === 'open' && incident.isPublic)
    .sort(
      (a, b) => impactOrder[a.impact] - impactOrder[b.impact] || worth[a.scope.kind] - worth[b.scope.kind],
    );
}

/** The services the first line speaks for: what they claim themselves, and plain addresses, have lines of their own. */
function services(o: Overall): ComponentState[] {
  return o.components.filter((one) => one.kind === 'gateway' || one.kind === 'provider');
}

function troubled(o: Overall): ComponentState[] {
  return services(o)
    .filter((one) => verdictWords[one.verdict].severity >= 2)
    .sort((a, b) => verdictWords[b.verdict].severity - verdictWords[a.verdict].severity);
}

/** A gateway of which nothing can be said because our own key or purse is refused there, or most that is behind it. */
export function shutOutFrom(o: Pick<Overall, 'components'>): ComponentState | undefined {
  const isShut = (one: ComponentState) => one.verdict === 'unknown' && one.reason === ownChecksFail;
  const gateways = o.components.filter((one) => one.kind === 'gateway');
  const providers = o.components.filter((one) => one.kind === 'provider');
  // The gateway's own lists may still answer while every call is refused.
  const isMostly = 2 * providers.filter(isShut).length > providers.length;
  return gateways.find(isShut) ?? (isMostly && gateways.length === 1 ? gateways[0] : undefined);
}

/** The first line of the page. */
export function overallSentence(o: Overall): string {
  if (o.isBlind) return 'Our own connection is down, so we cannot say how the others are.';
  if (o.isStale)
    return `We have not been able to check since ${o.lastLookAtMs === null ? 'the start' : `${clock(o.lastLookAtMs)} UTC`}.`;
  const open = openFaults(o);
  const [first] = open;
  if (first) {
    const rest = open.length - 1;
    const more = rest === 0 ? '' : rest === 1 ? ' One more fault is open.' : ` ${rest} more faults are open.`;
    return `${incidentSentence(first, o.nowMs)}${more}`;
  }
  const shut = shutOutFrom(o);
  if (shut) return `${upper(ownChecksFail)}, so we cannot say how ${nameOf(shut.id)} is.`;
  return calmSentence(o);
}

/** The verdict that goes with the first line: never another one than the sentence says. */
export function overallVerdict(o: Overall): Verdict {
  if (o.isBlind || o.isStale) return 'unknown';
  const [fault] = openFaults(o);
  if (fault) return fault.impact;
  if (shutOutFrom(o)) return 'unknown';
  const [unwell] = troubled(o);
  if (unwell) return unwell.verdict;
  const shown = services(o);
  const known = o.components.filter((one) => one.verdict !== 'unknown');
  const isAllUnknown = shown.length > 0 && shown.every((one) => one.verdict === 'unknown');
  return known.length === 0 || isAllUnknown ? 'unknown' : 'operational';
}

/**
 * The first line in one word about everything together, for who shows one light: when somebody is down and others work,
 * the whole is out in part.
 */
export function blendedVerdict(o: Overall): Verdict {
  const worst = overallVerdict(o);
  if (worst !== 'major_outage') return worst;
  const faults = openFaults(o).filter((one) => one.impact === 'major_outage');
  const isOfGateway =
    faults.some((one) => one.scope.kind === 'gateway') ||
    o.components.some((one) => one.kind === 'gateway' && one.verdict === 'major_outage');
  const hasWorking = services(o).some((one) => one.verdict === 'operational' || one.verdict === 'degraded');
  return !isOfGateway && hasWorking ? 'partial_outage' : worst;
}

function calmSentence(o: Overall): string {
  const known = o.components.filter((one) => one.verdict !== 'unknown');
  const shown = services(o);
  if (known.length === 0) return 'Nothing has been checked yet.';
  const unknown = shown.filter((one) => one.verdict === 'unknown');
  const bad = troubled(o);
  const [worst] = bad;
  if (worst) {
    const names = bad.slice(0, 3).map((one) => nameOf(one.id));
    const more = bad.length > 3 ? ` and ${bad.length - 3} more` : '';
    return `${names.join(', ')}${more}: not all is well. ${upper(worst.reason)}.`;
  }
  if (shown.length > 0 && unknown.length === shown.length)
    return 'No service could be checked lately, so we cannot say how they are.';
  const all =
    unknown.length === 0
      ? 'Everything we check works'
      : `${shown.length - unknown.length} of ${shown.length} services work, the others have not been checked lately`;
  return `${all}.`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
