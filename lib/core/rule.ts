import { addEvent, type Draft } from './draft.ts';
import { endedAtMs, type Observation } from './observation.ts';
import { burnOf, creditHours, firstTokenP95, shareOver } from './rule-figures.ts';
import { ruleSentence } from './rule-sentence.ts';
import type { Rule, State, Unit } from './state.ts';
import type { ComponentKind } from './words.ts';

/** Alert rules beside incidents: a figure over a time passes a line, and somebody wants to know. */

const hourMs = 3_600_000;

/** What an operator would want without asking. */
export const builtInRules: Rule[] = [
  { name: 'credit runs out', when: 'credit_hours', scope: [], below: 24, over: 6 * hourMs },
  { name: 'much is turned away', when: 'limited_share', scope: [], above: 0.3, over: hourMs },
  { name: 'objective at risk', when: 'slo_burn', scope: [], over: hourMs, slo: 0.99 },
];

export function setRules(state: State, rules: readonly Rule[]): void {
  state.rules.rules = [...rules];
  const names = new Set(rules.map((rule) => rule.name));
  for (const key of state.rules.firing.keys()) {
    if (!names.has(key.split('|')[0]!)) state.rules.firing.delete(key);
  }
}

const keptCredit = 200;
const creditGapMs = 300_000;

/** Remembers what is left on a key, a sample every five minutes. */
export function noteCredit(state: State, o: Observation): void {
  const usd = o.account?.limitRemainingUsd ?? null;
  if (usd === null || o.target.gateway === null) return;
  const id = o.target.gateway === 'direct' ? `direct/${o.target.provider}` : o.target.gateway;
  const list = state.rules.credit.get(id) ?? [];
  const last = list.at(-1);
  if (last && endedAtMs(o) - last.atMs < creditGapMs) return;
  list.push({ atMs: endedAtMs(o), usd });
  if (list.length > keptCredit) list.shift();
  state.rules.credit.set(id, list);
}

const everyMs = 60_000;
/** So many evaluations in a row below the line end what a rule says. */
const calmRounds = 5;

export function evaluateRules(state: State, draft: Draft): void {
  const { rules } = state;
  if (rules.rules.length === 0 || state.nowMs < rules.nextMs) return;
  rules.nextMs = state.nowMs + everyMs;
  for (const rule of rules.rules) {
    for (const figure of figuresOf(state, rule)) judgeFigure(state, draft, rule, figure);
  }
}

interface Figure {
  kind: ComponentKind;
  id: string;
  value: number | null;
  /** An incident has said why already. */
  isExplained?: boolean;
}

/** Hit by an incident larger than itself, open or ended within the rule's time: its figures are what that has done to it. */
function isDraggedDown(state: State, rule: Rule, unit: Unit): boolean {
  const sinceMs = state.nowMs - rule.over;
  return state.cases.some(({ incident, members }) => {
    if (incident.status !== 'open' && (incident.resolvedAtMs ?? 0) <= sinceMs) return false;
    const isHit = unit.tracks.some((track) => members.has(track));
    return isHit && [...members].some((member) => !unit.tracks.includes(member));
  });
}

function figuresOf(state: State, rule: Rule): Figure[] {
  if (rule.when === 'credit_hours') {
    return [...state.rules.credit]
      .filter(([id]) => rule.scope.length === 0 || rule.scope.includes(`account:${id}`))
      .map(([id, samples]) => ({ kind: 'account', id, value: creditHours(samples, state.nowMs, rule.over) }));
  }
  const figures: Figure[] = [];
  for (const unit of state.units.values()) {
    if (unit.kind === 'plane' || !isMeant(rule, unit)) continue;
    // Whoever named the place in a rule of their own wants to hear of it in any case.
    const isExplained = rule.scope.length === 0 && isDraggedDown(state, rule, unit);
    figures.push({ kind: unit.kind, id: nameOfUnit(unit), value: figureOf(state, rule, unit), isExplained });
  }
  return figures;
}

function isMeant(rule: Rule, unit: Unit): boolean {
  if (rule.scope.length === 0) return unit.kind === 'gateway' || unit.kind === 'provider';
  return rule.scope.includes(`${unit.kind}:${nameOfUnit(unit)}`);
}

function nameOfUnit(unit: Unit): string {
  const first = unit.tracks.find((track) => !track.isDirect) ?? unit.tracks[0];
  if (unit.kind === 'model') return first?.target.model ?? unit.id;
  return unit.kind === 'route' ? (first?.scopeId ?? unit.id) : unit.id;
}

function figureOf(state: State, rule: Rule, unit: Unit): number | null {
  switch (rule.when) {
    case 'error_share':
      return shareOver(unit, state.nowMs, rule.over, 'bad');
    case 'limited_share':
      return shareOver(unit, state.nowMs, rule.over, 'limited');
    case 'first_token_p95':
      return firstTokenP95(unit, state.nowMs, rule.over);
    case 'slo_burn':
      return burnOf(unit, state.nowMs, rule.slo ?? 0.99);
    case 'credit_hours':
      return null;
    default:
      return rule.when satisfies never;
  }
}

function isOver(rule: Rule, value: number | null): boolean {
  if (value === null) return false;
  // A burn rate carries its own lines.
  if (rule.when === 'slo_burn') return value > (rule.above ?? 0);
  if (rule.above !== undefined && value > rule.above) return true;
  return rule.below !== undefined && value < rule.below;
}

function judgeFigure(state: State, draft: Draft, rule: Rule, figure: Figure): void {
  const { kind, id, value } = figure;
  const key = `${rule.name}|${kind}:${id}`;
  const before = state.rules.firing.get(key);
  if (isOver(rule, value)) {
    if (before) before.calm = 0;
    else {
      const isSilent = figure.isExplained === true;
      state.rules.firing.set(key, { sinceMs: state.nowMs, calm: 0, isSilent });
      if (!isSilent) tell(state, draft, rule, kind, id, value!, state.nowMs, true);
    }
    return;
  }
  if (!before || ++before.calm < calmRounds) return;
  state.rules.firing.delete(key);
  if (!before.isSilent) tell(state, draft, rule, kind, id, value, before.sinceMs, false);
}

function tell(
  state: State,
  draft: Draft,
  rule: Rule,
  kind: ComponentKind,
  id: string,
  value: number | null,
  sinceMs: number,
  isFiring: boolean,
): void {
  const isOwn = rule.when === 'credit_hours';
  addEvent(state, draft, {
    id: `rule:${rule.name}:${kind}:${id}:${sinceMs}:${isFiring ? 'on' : 'off'}`,
    type: isOwn ? 'account.warning' : 'notice',
    scope: { kind, id },
    isPublic: false,
    sentence: ruleSentence(rule, kind, id, value, isFiring),
    startedAtMs: sinceMs,
    data: { rule: rule.name, when: rule.when, value, isFiring },
  });
}
