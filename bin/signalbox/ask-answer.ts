import type { AccountFacts, Observation } from '#lib/core/observation.ts';
import type { Outcome } from '#lib/core/outcome-words.ts';
import type { AccountFound } from '#lib/core/plan.ts';

/** From a handful of checks made right now to one word: whose fault it is. Depends on nothing but its arguments. */

export interface Checked {
  observation: Observation;
  outcome: Outcome;
}

export interface AskFacts {
  controls: { ok: number; total: number };
  /** Without a key: is the gateway alive at all? */
  edge: Checked;
  /** null: no key is set. */
  account: (Checked & { facts: AccountFacts | null; found: AccountFound | null }) | null;
  /** null: no model was named, or the list could not be read. */
  model: { id: string; isListed: boolean; providers: string[]; failing: string[] } | null;
  /** The one paid call, if it was made. */
  call: Checked | null;
  /** Worst claim of the official page; null when it could not be read. */
  official: string | null;
}

export type Whose = 'you' | 'gateway' | 'provider' | 'model' | 'nobody' | 'unknown';

export interface Answer {
  whose: Whose;
  sentence: string;
}

/** Nothing that is still on its way could say otherwise. */
export function isCertain({ whose }: Answer): boolean {
  return whose === 'you' || whose === 'gateway' || whose === 'model';
}

export function answerOf(facts: AskFacts): Answer {
  return own(facts) ?? gateway(facts) ?? account(facts) ?? called(facts) ?? listed(facts) ?? rest(facts);
}

function own({ controls, edge }: AskFacts): Answer | null {
  if (controls.total > 0 && controls.ok === 0)
    return {
      whose: 'you',
      sentence: `You: your own connection is down, none of ${controls.total} unrelated places answered.`,
    };
  if (edge.outcome.class === 'blocked_here')
    return { whose: 'you', sentence: 'You: OpenRouter blocks the address you call from; others are let in.' };
  return null;
}

function gateway({ controls, edge, account, call }: AskFacts): Answer | null {
  const isDead = edge.outcome.weight === 'bad';
  if (isDead && controls.ok < Math.min(2, controls.total))
    return {
      whose: 'unknown',
      sentence: 'Not certain: OpenRouter does not answer, and your own connection is shaky.',
    };
  if (isDead)
    return {
      whose: 'gateway',
      sentence: `OpenRouter: it does not answer from here (${edge.outcome.reason}), while unrelated places do.`,
    };
  if (account && account.outcome.weight === 'bad' && account.outcome.blame === 'gateway')
    return {
      whose: 'gateway',
      sentence: `OpenRouter: it answers without a key and fails with one (${account.outcome.reason}).`,
    };
  if (call && call.outcome.weight === 'bad' && call.outcome.blame === 'gateway')
    return {
      whose: 'gateway',
      sentence: `OpenRouter: a real call failed and no provider is named (${call.outcome.reason}).`,
    };
  return null;
}

function account({ account: own }: AskFacts): Answer | null {
  if (!own) return null;
  const { outcome, facts, found } = own;
  if (facts?.valid === false && outcome.class === 'unauthorized_doubtful')
    return {
      whose: 'unknown',
      sentence:
        'Your key, or OpenRouter’s key lookup: the key is refused, which both look like. Try a second key, or ask again in minutes.',
    };
  if (facts?.valid === false)
    return { whose: 'you', sentence: `You: the key is refused (${outcome.reason}).` };
  if (
    found?.limitRemainingUsd !== null &&
    found?.limitRemainingUsd !== undefined &&
    found.limitRemainingUsd <= 0
  )
    return {
      whose: 'you',
      sentence: `You: this key reached its own limit of ${found.limitUsd ?? '?'} USD${found.limitReset ? `, it resets ${found.limitReset}` : ''}.`,
    };
  return null;
}

const ownClasses = new Set([
  'no_credit',
  'key_limit',
  'limited_key',
  'unauthorized',
  'bad_request',
  'forbidden',
  'blocked_here',
]);

function called({ call, account: own, model }: AskFacts): Answer | null {
  if (!call) return null;
  const { outcome, observation } = call;
  const who = outcome.named ?? observation.served?.provider ?? null;
  if (ownClasses.has(outcome.class)) return { whose: 'you', sentence: `You: ${outcome.reason}.` };
  if (outcome.class === 'unauthorized_doubtful' && own?.facts?.valid)
    return {
      whose: 'gateway',
      sentence:
        'OpenRouter: a call says the key is unknown, and the same key is valid when asked about itself.',
    };
  if (outcome.blame === 'model' && outcome.weight !== 'good')
    return {
      whose: 'model',
      sentence: `The model ${model?.id ?? observation.target.model}: ${outcome.reason}.`,
    };
  if (outcome.weight === 'limited')
    return {
      whose: 'provider',
      sentence: `The provider${who ? ` ${who}` : ''}: ${outcome.reason}. It is saturated, not down.`,
    };
  if (outcome.weight === 'bad')
    return { whose: 'provider', sentence: `The provider${who ? ` ${who}` : ''}: ${outcome.reason}.` };
  return null;
}

function listed({ model }: AskFacts): Answer | null {
  if (!model) return null;
  if (!model.isListed)
    return {
      whose: 'model',
      sentence: `The model ${model.id} is not in the catalogue: it was withdrawn, or its name is spelled differently.`,
    };
  if (model.providers.length > 0 && model.failing.length === model.providers.length)
    return {
      whose: 'model',
      sentence: `The model ${model.id}: OpenRouter reports trouble at all ${model.providers.length} providers that serve it.`,
    };
  return null;
}

function rest({ call, account: own, controls, model, official }: AskFacts): Answer {
  const trouble =
    official && official !== 'operational' && official !== 'unknown'
      ? ` Its official page says ${official.replaceAll('_', ' ')}.`
      : '';
  const partly =
    model && model.failing.length > 0 ? ` OpenRouter reports trouble at ${model.failing.join(', ')}.` : '';
  if (call?.outcome.weight === 'good')
    return {
      whose: 'nobody',
      sentence: `Nothing is wrong right now: a real call was answered in ${Math.round(call.observation.timing.totalMs ?? 0)} ms.${partly}${trouble}`,
    };
  if (controls.ok === 0)
    return {
      whose: 'unknown',
      sentence: 'Not known: there was nothing to check your own connection against.',
    };
  const lacks = own ? 'no call was made' : 'there is no key to make a real call with';
  return { whose: 'unknown', sentence: `Not certain: OpenRouter answers, and ${lacks}.${partly}${trouble}` };
}
