import { hasReached, type Observation } from './observation.ts';
import { edgeRows, errorRows } from './outcome-errors.ts';
import {
  type About,
  type Facts,
  gatherFacts,
  isOtherModel,
  isSameProvider,
  conclude as outcome,
  type Row,
} from './outcome-facts.ts';
import { freeOutcome } from './outcome-free.ts';
import type { BlameHint, Outcome, OutcomeClass } from './outcome-words.ts';

export { type Counted, countsAs } from './outcome-class.ts';
export type { About } from './outcome-facts.ts';

/** One observation, classified: the whole decision table. Depends on nothing but its arguments. */
export function classify(o: Observation, about: About = {}): Outcome {
  const f = gatherFacts(o, about);
  return (
    ownFault(f, about) ??
    (o.probe === 'completion' ? null : freeOutcome(f)) ??
    transportFault(f) ??
    errorOf(f) ??
    answerOf(f)
  );
}

/** A look that our own process or connection spoiled says nothing about anybody. */
function ownFault(f: Facts, about: About): Outcome | null {
  const { o } = f;
  if (o.fault === 'aborted') return outcome(f, 'aborted', 'prober', 'P1', 'the check was stopped by us');
  const limitMs = o.timing.totalMs ?? f.watched?.timeoutMs ?? 30_000;
  if (o.fault === 'timeout' && o.stallMs >= 0.2 * limitMs) {
    return outcome(f, 'inconclusive', 'prober', 'P2', `our own process stood still for ${o.stallMs} ms`);
  }
  if (about.vantageBlind && o.fault !== null && o.status === null && o.probe !== 'control') {
    return outcome(f, 'inconclusive', 'prober', 'P3', 'our own connection was down');
  }
  return null;
}

const transportClasses = {
  dns: ['dns_failed', 'the name could not be resolved'],
  unreachable: ['connect_failed', 'the address could not be reached'],
  refused: ['connect_failed', 'the connection was refused'],
  reset: ['connect_failed', 'the connection was reset'],
  tls: ['tls_failed', 'no secure connection'],
} as const;

function transportFault(f: Facts): Outcome | null {
  const { o } = f;
  switch (o.fault) {
    case null:
    case 'aborted':
      return null;
    case 'timeout':
      return timedOut(f);
    case 'too_large':
      return outcome(f, 'too_large', 'provider', 'T7', 'the answer was larger than we read');
    case 'malformed':
      return outcome(
        f,
        'malformed',
        isPlane(f) ? 'gateway' : behind(f),
        'T5',
        'the answer could not be read',
      );
    case 'reset':
      if (hasReached(o, 'headers')) return cutOff(f);
      break;
    default:
  }
  const [outcomeClass, why] = transportClasses[o.fault];
  return outcome(f, outcomeClass, 'gateway', 'T1', why);
}

/** The gateway's own documents come from nobody behind it. */
function isPlane(f: Facts): boolean {
  return f.o.probe === 'catalog' || f.o.probe === 'account';
}

function timedOut(f: Facts): Outcome {
  const { o } = f;
  if (hasReached(o, 'first_token')) {
    return outcome(f, 'timeout_total', behind(f), 'T4', 'the answer began and did not end in time');
  }
  if (hasReached(o, 'headers')) {
    return outcome(f, 'timeout_first_token', behind(f), 'T4', 'connected, and no word of an answer in time');
  }
  return hasReached(o, 'secured') || hasReached(o, 'connected')
    ? outcome(f, 'timeout_first_token', 'gateway', 'T1', 'no answer in time')
    : outcome(f, 'connect_failed', 'gateway', 'T1', 'no connection in time');
}

/** After the early 200 the provider's part begins; on an unpinned route nobody knows whose. */
function behind(f: Facts): BlameHint {
  return f.isPinned || f.o.served?.provider ? 'provider' : 'unknown';
}

function errorOf(f: Facts): Outcome | null {
  const { o } = f;
  if (o.error === null && (o.status === null || o.status < 400)) return null;
  const row = [...(f.isInBand ? [] : edgeRows), ...errorRows].find((candidate) => candidate.when(f))!;
  return rowOutcome(f, row);
}

function rowOutcome(f: Facts, row: Row): Outcome {
  const blame = typeof row.blame === 'function' ? row.blame(f) : row.blame;
  const byokClass = byokClassOf(row.class, blame);
  const isMidStream = f.isInBand && (row.class === 'http_5xx' || row.class === 'overloaded');
  return outcome(f, isMidStream ? 'error_in_stream' : byokClass, blame, row.id, row.why);
}

/** With the user's own provider key, a refusal that names the provider is about that key. */
function byokClassOf(outcomeClass: OutcomeClass, blame: BlameHint): OutcomeClass {
  if (blame !== 'account') return outcomeClass;
  if (outcomeClass === 'unauthorized_upstream') return 'unauthorized';
  return outcomeClass === 'limited_upstream' ? 'limited_key' : outcomeClass;
}

const goodFinishes = ['stop', 'length', 'tool_calls', 'end_turn', 'max_tokens', 'stop_sequence', 'completed'];

/** A 200 is not a success: success is a token, a finish, and the dialect's end. */
function answerOf(f: Facts): Outcome {
  const { o } = f;
  const out = o.output;
  const finish = out?.finish?.toLowerCase() ?? null;
  if (o.status === null) return outcome(f, 'unknown_error', 'unknown', 'G7', 'no answer and no reason');
  if (finish === 'error')
    return outcome(f, 'error_in_stream', behind(f), 'S1', 'the answer ended in an error');
  if (finish === 'content_filter' || finish === 'refusal' || finish === 'safety') {
    return outcome(f, 'refused_moderation', 'model', 'S3', 'the model refused the question; the route works');
  }
  if (!hasToken(o)) return nothingCame(f, finish);
  // Where nothing is recorded of the output, the last phase says that it ended.
  const isDone = out === null ? o.reached === 'done' : out.done;
  if (finish === null && !isDone) return cutOff(f);
  if (!isDone) return outcome(f, 'no_end_marker', behind(f), 'T6', 'the answer had no end');
  return served(f, finish);
}

/** A count of nothing outweighs the phase: a recorder may call an answer without content done. */
function hasToken(o: Observation): boolean {
  const out = o.output;
  if ((out?.tokens ?? 0) + (out?.reasoningTokens ?? 0) > 0) return true;
  if (!hasReached(o, 'first_token') || out?.answer === 'empty') return false;
  return out?.tokens !== 0 || o.timing.firstTokenMs !== null || o.timing.firstReasoningMs !== null;
}

function nothingCame(f: Facts, finish: string | null): Outcome {
  const isOver = f.o.output?.done === true || finish !== null;
  if (!isOver && !hasReached(f.o, 'first_byte')) {
    return outcome(f, 'malformed', 'gateway', 'T5', 'an answer without content');
  }
  return isOver
    ? outcome(f, 'empty', behind(f), 'S2', 'an empty answer')
    : outcome(f, 'cut', 'gateway', 'T6', 'the answer was cut off before it began');
}

function cutOff(f: Facts): Outcome {
  const blame = hasReached(f.o, 'first_token') || f.o.served?.provider ? behind(f) : 'gateway';
  return outcome(f, 'cut', blame, 'T6', 'the answer was cut off');
}

function served(f: Facts, finish: string | null): Outcome {
  const { o } = f;
  const by = o.served?.provider ?? null;
  const cached = o.edge?.cache?.toUpperCase() === 'HIT';
  if (cached) return outcome(f, 'not_pinned', 'prober', 'S5', 'the answer came from a cache');
  if (f.isPinned && !f.isDirect && by !== null && !isAsked(f, by)) {
    return outcome(f, 'wrong_provider', 'prober', 'S5', `answered by ${by}, which was not asked`);
  }
  const model = o.served?.model ?? null;
  if (o.target.model !== null && model !== null && isOtherModel(o.target.model, model)) {
    return outcome(f, 'wrong_model', behind(f), 'S6', `answered with ${model}`);
  }
  if (o.output?.answer === 'mismatch') {
    return outcome(f, 'wrong_answer', behind(f), 'S7', 'a wrong answer');
  }
  const known = finish === null || goodFinishes.includes(finish);
  return outcome(f, 'ok', 'nobody', known ? 'S0' : 'S8', 'a whole answer');
}

function isAsked(f: Facts, by: string): boolean {
  const expected = f.watched?.providerName;
  return isSameProvider(f.o.target.provider!, by) || (!!expected && isSameProvider(expected, by));
}
