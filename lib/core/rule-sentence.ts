import { sayTime } from './sentence-time.ts';
import { nameOf } from './sentence-words.ts';
import type { Rule } from './state.ts';
import type { ComponentKind } from './words.ts';

/** What a rule says, in one line with its figure. */
export function ruleSentence(
  rule: Rule,
  kind: ComponentKind,
  id: string,
  value: number | null,
  isFiring: boolean,
): string {
  const who = kind === 'account' ? `our account with ${nameOf(id.replace(/^direct\//, ''))}` : nameOf(id);
  if (!isFiring) return `No longer: ${rule.name} (${who}).`;
  return `${upper(figure(rule, who, value ?? 0))}.`;
}

function figure(rule: Rule, who: string, value: number): string {
  const percent = `${(100 * value).toFixed(1)} %`;
  switch (rule.when) {
    case 'error_share':
      return `${percent} of the checks of ${who} failed in ${sayTime(rule.over)}`;
    case 'limited_share':
      return `${percent} of the checks of ${who} were turned away (429) in ${sayTime(rule.over)}`;
    case 'first_token_p95':
      return `one in twenty first words of ${who} took longer than ${Math.round(value)} ms`;
    case 'slo_burn':
      return `failures of ${who} use up what an objective of ${100 * (rule.slo ?? 0.99)} % allows ${value.toFixed(1)} times too fast`;
    case 'credit_hours':
      return `${who} has credit for ${value.toFixed(1)} hours more`;
    default:
      return rule.when satisfies never;
  }
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
