import { type RuleId, ruleText } from '../core/explain-rules.ts';
import { parseJson } from '../core/loose.ts';
import { blankObservation, type ErrorFacts } from '../core/observation.ts';
import { classify } from '../core/outcome.ts';
import type { BlameHint, OutcomeClass } from '../core/outcome-words.ts';
import { extractError } from '../error-facts.ts';
import { redactFamilies } from '../redact.ts';

/** What somebody pasted: as little of it as they like. */
export interface Pasted {
  status: number | null;
  body: string;
  /** `direct` when the provider was called without a gateway. */
  gateway: string;
}

export interface Explained {
  rule: string;
  slug: string | null;
  class: OutcomeClass;
  fault: BlameHint;
  /** The provider the error names. */
  named: string | null;
  title: string;
  meaning: string;
  whose: string;
  advice: string;
  fix: string;
  /** What we understood, redacted: never the pasted text itself. */
  read: { status: number | null; code: string | null; message: string | null };
}

const longestBody = 65_536;

/** The same decision table that judges our own checks, asked about an error somebody else got. */
export function explainError(pasted: Pasted): Explained {
  const text = pasted.body.slice(0, longestBody).trim();
  const { status, error, finish } = read(pasted.status, text);
  const observation = blankObservation({
    atMs: 0,
    vantage: 'pasted',
    probe: 'completion',
    target: {
      gateway: pasted.gateway,
      provider: pasted.gateway === 'direct' ? 'provider' : 'any',
      model: null,
    },
    reached: 'first_byte',
    status: status ?? (error ? null : 200),
    error,
    output: finish === null ? null : { tokens: 0, reasoningTokens: 0, finish, done: true, answer: null },
  });
  const outcome = classify(observation);
  const words = ruleText(outcome.rule) ?? ruleText('G7' satisfies RuleId);
  return {
    rule: outcome.rule,
    slug: words?.slug ?? null,
    class: outcome.class,
    fault: outcome.blame,
    named: outcome.named,
    title: words?.title ?? outcome.reason,
    meaning: words?.meaning ?? outcome.reason,
    whose: words?.whose ?? 'cannot be told from one error',
    advice: words?.advice ?? '',
    fix: words?.fix ?? 'retry',
    read: { status, code: error?.code ?? null, message: error?.message ?? null },
  };
}

/** JSON, an SSE frame, an exception's text with JSON in it, HTML, or a sentence: whatever was on the screen. */
function read(
  given: number | null,
  text: string,
): { status: number | null; error: ErrorFacts | null; finish: string | null } {
  const frame = /^data:\s*(\{.*\})\s*$/m.exec(text)?.[1];
  const start = text.indexOf('{');
  const json =
    parseJson(frame ?? text) ??
    (start >= 0 ? parseJson(text.slice(start, text.lastIndexOf('}') + 1)) : undefined);
  const isHtml = /^\s*<(?:!doctype|html)/i.test(text);
  const said =
    /\b(?:status|HTTP|error|code)\D{0,12}([1-5]\d{2})\b/i.exec(text)?.[1] ??
    /^\s*([1-5]\d{2})\b/.exec(text)?.[1];
  const carrier = json !== undefined && typeof json === 'object' ? json : text;
  const finish = /"finish_reason"\s*:\s*"(\w+)"/.exec(text)?.[1] ?? null;
  const status = given ?? (said ? Number(said) : null);
  const isSound = text === '' || (json !== undefined && !/"(?:error|message|detail|code)"\s*:/.test(text));
  if (isSound && (status === null || status < 400)) return { status, error: null, finish };
  const facts = extractError(carrier, {
    headers: {},
    redact: redactFamilies,
    inBand: status === 200,
    body: isHtml ? 'html' : json !== undefined ? 'json' : text === '' ? 'empty' : 'text',
    providerId: (name) => name,
  });
  const code = Number(facts.code);
  return { status: status ?? (code >= 100 && code < 600 ? code : null), error: facts, finish };
}
