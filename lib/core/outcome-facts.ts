import type { Watched } from './fleet.ts';
import type { Observation } from './observation.ts';
import { classFacts } from './outcome-class.ts';
import type { BlameHint, Outcome, OutcomeClass } from './outcome-words.ts';
import { providerBase } from './target.ts';

/** What the decision table asks about one look, worked out once. */
export interface Facts {
  o: Observation;
  /** The status that counts: inside a 200 it is the error's own code. */
  status: number;
  isInBand: boolean;
  isDirect: boolean;
  isPinned: boolean;
  isByok: boolean;
  isModelListed: boolean | null;
  message: string;
  type: string;
  limit: string;
  /** Whom the far side names, in metadata or in words. */
  named: string | null;
  attempt: number | null;
  watched: Watched | null;
}

export interface About {
  isByok?: boolean;
  isModelListed?: boolean | null;
  vantageBlind?: boolean;
  watched?: Watched;
}

/** One row of the decision table: the first that fits wins. */
export interface Row {
  id: string;
  when: (f: Facts) => boolean;
  class: OutcomeClass;
  blame: BlameHint | ((f: Facts) => BlameHint);
  why: string;
}

export function gatherFacts(o: Observation, about: About): Facts {
  const error = o.error;
  const isInBand = error !== null && (error.inBand || o.status === 200);
  const message = (error?.message ?? '').toLowerCase();
  return {
    o,
    status: isInBand ? codeOf(error?.code ?? null) : (o.status ?? codeOf(error?.code ?? null)),
    isInBand,
    isDirect: o.target.gateway === 'direct' || o.target.gateway === null,
    isPinned: o.target.provider !== null && o.target.provider !== 'any',
    isByok: about.isByok === true,
    isModelListed: about.isModelListed ?? null,
    message,
    type: (error?.type ?? '').toLowerCase(),
    limit: (error?.limit ?? '').toLowerCase(),
    named: error?.provider ?? namedIn(error?.message ?? null),
    attempt: error?.attempt ?? null,
    watched: about.watched ?? null,
  };
}

/** Compared loosely: a slug, a display name and an endpoint tag of the same provider are the same. */
export function isSameProvider(a: string, b: string): boolean {
  if (a === b) return true;
  const left = plain(providerBase(a));
  const right = plain(providerBase(b));
  if (left === '' || right === '') return true;
  return left === right || left.includes(right) || right.includes(left);
}

const genericWords = new Set([
  'instruct',
  'chat',
  'preview',
  'latest',
  'free',
  'mini',
  'nano',
  'small',
  'large',
  'turbo',
  'models',
  'accounts',
]);

/** True only when the two names share no family word at all: gateways spell models in many ways. */
export function isOtherModel(asked: string, served: string): boolean {
  if (asked === served) return false;
  const wanted = familyWords(asked);
  const got = familyWords(served);
  return wanted.length > 0 && got.length > 0 && !wanted.some((word) => got.includes(word));
}

function familyWords(model: string): string[] {
  return (model.toLowerCase().match(/[a-z]{3,}/g) ?? []).filter((word) => !genericWords.has(word));
}

function codeOf(code: string | null): number {
  const number = Number(code ?? Number.NaN);
  return Number.isInteger(number) && number >= 100 && number < 1000 ? number : 0;
}

function namedIn(message: string | null): string | null {
  if (message === null) return null;
  const upstream = /^upstream error from ([^:]{1,60}):/i.exec(message);
  // A LiteLLM proxy says whose exception it passes on.
  const exception = /\b([A-Z][A-Za-z]{2,30})Exception\b/.exec(message);
  return upstream?.[1] ?? exception?.[1] ?? null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Above this our own process was too busy for its clock to be believed about speed. */
function isTainted(o: Observation): boolean {
  return o.tainted || o.stallMs > Math.max(25, 0.05 * (o.timing.totalMs ?? 0));
}

export function conclude(
  f: Facts,
  outcomeClass: OutcomeClass,
  blame: BlameHint,
  rule: string,
  reason: string,
): Outcome {
  const facts = classFacts[outcomeClass];
  return {
    class: outcomeClass,
    weight: facts.weight,
    // A direct route has no gateway to blame.
    blame: blame === 'gateway' && f.isDirect ? 'provider' : blame,
    named: f.named,
    feedClass: facts.feed,
    isCountable: facts.isCountable,
    isTainted: isTainted(f.o),
    rule,
    reason,
  };
}
