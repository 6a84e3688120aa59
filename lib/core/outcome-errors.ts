import type { Facts, Row } from './outcome-facts.ts';
import type { BlameHint } from './outcome-words.ts';

/** The rows for a look that got an error: what it says first, then whose it is, then the number. */

const isOneOf = (f: Facts, ...statuses: number[]) => statuses.includes(f.status);
const says = (f: Facts, ...words: string[]) => words.some((word) => f.message.includes(word));
const isNamed = (f: Facts) => f.named !== null;
const upstream = (f: Facts): BlameHint => (f.isByok ? 'account' : 'provider');
const challenge = /challenge|cf-chl|just a moment|attention required|access denied|captcha|blocked/;

/** A body that is no JSON was written by something in front of the far side. */
export const edgeRows: Row[] = [
  {
    id: 'T3',
    when: (f) =>
      f.o.error?.body === 'html' && (f.status === 403 || (isOneOf(f, 429, 503) && challenge.test(f.message))),
    class: 'blocked_here',
    blame: 'prober',
    why: 'a challenge page: our own address is blocked',
  },
  {
    id: 'T2',
    when: (f) => f.status >= 520 && f.status <= 527 && f.o.error?.body !== 'json' && f.status !== 524,
    class: 'edge_error',
    blame: 'gateway',
    why: 'the edge could not reach the service behind it',
  },
  {
    id: 'T2',
    when: (f) => f.o.error?.body === 'html' || (f.o.error?.body === 'text' && f.status >= 500),
    class: 'edge_error',
    blame: 'gateway',
    why: 'the edge answered instead of the service',
  },
];

/** A success that is no document at all: nobody said anything, so it says whose it is. */
const isBare = (f: Facts) => {
  const { status, error } = f.o;
  return status !== null && status < 300 && error?.code === null && error.type === null;
};

/** Rows that hold whatever the status says. */
const contentRows: Row[] = [
  {
    id: 'T2',
    when: (f) => isBare(f) && f.o.error?.body === 'html',
    class: 'edge_error',
    blame: 'gateway',
    why: 'a page came where the answer should be',
  },
  {
    id: 'T5',
    when: (f) => isBare(f) && (f.o.error?.body === 'text' || f.o.error?.body === 'empty'),
    class: 'malformed',
    blame: 'gateway',
    why: 'the answer could not be read',
  },
  {
    id: 'S3',
    when: (f) => f.type === 'content_policy_violation' || f.type === 'refusal' || f.type === 'content_filter',
    class: 'refused_moderation',
    blame: 'model',
    why: 'the model refused the question; the route works',
  },
  {
    id: 'S4',
    when: (f) => says(f, 'token limit reached') && (f.o.output?.tokens ?? 1) > 0,
    class: 'truncated_by_us',
    blame: 'prober',
    why: 'our own token limit ended the answer; the route works',
  },
  {
    id: 'N3',
    when: (f) =>
      (f.type === 'model_deprecated' || f.type === 'free_variant_ended') && f.isModelListed !== true,
    class: 'model_gone',
    blame: 'model',
    why: 'the model was withdrawn',
  },
];

const authRows: Row[] = [
  {
    id: 'A1',
    when: (f) =>
      f.status === 401 && says(f, 'missing authentication', 'no auth credentials', 'no api key provided'),
    class: 'unauthorized',
    blame: 'prober',
    why: 'no key arrived; the far side is up',
  },
  {
    id: 'A3',
    when: (f) => isOneOf(f, 401, 402) && isNamed(f) && !f.isDirect,
    class: 'unauthorized_upstream',
    blame: upstream,
    why: 'the provider refused the credential it was shown',
  },
  {
    id: 'A2',
    when: (f) => f.status === 401,
    class: 'unauthorized_doubtful',
    blame: 'unknown',
    why: 'the key was refused: revoked, or the far side cannot look keys up',
  },
  {
    id: 'A4',
    when: (f) =>
      f.status === 402 && (f.type === 'in_flight_budget_exhausted' || f.limit.includes('in_flight')),
    class: 'limited_key',
    blame: 'account',
    why: 'too many requests of our own at once for the balance',
  },
  {
    id: 'A5',
    when: (f) => f.status === 402 && says(f, 'fewer max_tokens'),
    class: 'no_credit',
    blame: 'prober',
    why: 'our request reserves more than the balance holds',
  },
  { id: 'A6', when: (f) => f.status === 402, class: 'no_credit', blame: 'account', why: 'no credit left' },
  {
    id: 'A7',
    when: (f) => f.status === 403 && says(f, 'key limit exceeded'),
    class: 'key_limit',
    blame: 'account',
    why: 'the key reached its own spending limit',
  },
  {
    id: 'A8',
    when: (f) =>
      f.status === 403 && (says(f, 'flagged', 'moderation', 'guardrail') || f.type === 'guardrail'),
    class: 'refused_moderation',
    blame: 'prober',
    why: 'moderation refused our question',
  },
  {
    id: 'A9',
    when: (f) => f.status === 403 && says(f, 'management key'),
    class: 'forbidden',
    blame: 'prober',
    why: 'the wrong kind of key',
  },
  {
    id: 'A10',
    when: (f) =>
      f.type === 'region_restricted' ||
      (f.status === 403 && says(f, 'country', 'region', 'territory', 'geograph')) ||
      (f.status === 400 && says(f, 'location is not supported', 'country, region')),
    class: 'region_restricted',
    blame: 'nobody',
    why: 'our location is not served',
  },
];

const missingRows: Row[] = [
  {
    id: 'N1',
    when: (f) => f.status === 404 && says(f, 'no allowed providers'),
    class: 'bad_request',
    blame: 'prober',
    why: 'our pin matches no endpoint',
  },
  {
    id: 'N2',
    when: (f) =>
      f.status === 404 &&
      (says(f, 'data policy', 'guardrail', 'privacy') ||
        ['privacy_restricted', 'constraint_filtered', 'routing_funnel'].includes(f.type)),
    class: 'forbidden',
    blame: 'account',
    why: "the account's settings exclude every endpoint",
  },
  {
    id: 'N4',
    when: (f) => f.type === 'model_unavailable_upstream' || (f.status === 404 && isNamed(f) && !f.isDirect),
    class: 'not_found',
    blame: 'provider',
    why: 'the provider does not serve the model now',
  },
  {
    id: 'N3',
    when: (f) => isOneOf(f, 404, 410) && f.isModelListed === true,
    class: 'not_found',
    blame: 'model',
    why: 'not found, though the catalogue still lists the model',
  },
  {
    id: 'N3',
    when: (f) =>
      f.status === 410 ||
      (f.status === 404 &&
        (says(
          f,
          'no endpoints found',
          'no endpoints available',
          'stealth model',
          'deprecated',
          'does not exist',
          'retired',
        ) ||
          ['no_endpoints', 'model_deprecated', 'free_variant_ended', 'model_not_found'].includes(f.type))),
    class: 'model_gone',
    blame: 'model',
    why: 'the model or its variant is gone',
  },
];

const limitRows: Row[] = [
  {
    id: 'A6',
    when: (f) =>
      f.status === 429 &&
      // Google says the same words of a quota that comes back by itself.
      f.type !== 'resource_exhausted' &&
      (says(f, 'insufficient_quota', 'exceeded your current quota', 'spend limit', 'credit balance') ||
        /insufficient_quota|spend_limit|credit_balance|usage_limit|enforced_spend/.test(
          `${f.type} ${f.o.error?.code ?? ''}`,
        )),
    class: 'no_credit',
    blame: 'account',
    why: 'no credit left',
  },
  {
    id: 'R1',
    when: (f) => f.status === 429 && (says(f, 'free-models-per-') || f.limit.includes('free_tier')),
    class: 'limited_key',
    blame: 'account',
    why: 'our own free quota is used up',
  },
  {
    id: 'R2',
    when: (f) =>
      f.status === 429 && (says(f, 'limit_rpm/', 'high demand for') || f.limit.includes('shared_capacity')),
    class: 'limited_shared',
    blame: 'nobody',
    why: 'the shared limit of a free model',
  },
  {
    id: 'R3',
    when: (f) =>
      f.status === 429 &&
      (!f.isDirect || f.isInBand) &&
      (isNamed(f) ||
        f.isInBand ||
        f.limit.includes('upstream') ||
        says(f, 'upstream') ||
        f.type === 'capacity_exhausted'),
    class: 'limited_upstream',
    blame: upstream,
    why: 'the provider limits how much it takes',
  },
  {
    id: 'R4',
    when: (f) => f.status === 429 && f.limit.includes('admission_control'),
    class: 'limited_upstream',
    blame: 'gateway',
    why: 'the gateway sheds load',
  },
  {
    id: 'R6',
    when: (f) =>
      f.status === 429 &&
      f.isDirect &&
      (says(f, 'overloaded', 'high demand', 'high traffic', 'capacity') ||
        /overloaded|not_?ready|3040/.test(f.type)),
    class: 'limited_upstream',
    blame: 'provider',
    why: 'the provider is out of capacity',
  },
  {
    id: 'R5',
    when: (f) => f.status === 429,
    class: 'limited_key',
    blame: 'account',
    why: 'we ask too often',
  },
];

const requestRows: Row[] = [
  {
    id: 'A12',
    when: (f) =>
      f.isDirect &&
      (f.status === 400 || f.status === 403) &&
      (says(f, 'api key not valid', 'invalid api key', 'incorrect api key', 'api_key_invalid') ||
        /api_key_invalid|unrecognizedclient|invalid_api_key/.test(f.type)),
    class: 'unauthorized_doubtful',
    blame: 'unknown',
    why: 'the key was refused',
  },
  {
    id: 'A6',
    when: (f) => f.status === 412 || (isOneOf(f, 400, 403) && says(f, 'balance', 'billing', 'credit')),
    class: 'no_credit',
    blame: 'account',
    why: 'no credit left',
  },
  {
    id: 'A11',
    when: (f) => isOneOf(f, 403, 404),
    class: 'forbidden',
    blame: 'unknown',
    why: 'a refusal whose meaning is not known',
  },
  {
    id: 'B2',
    when: (f) => f.status === 400 && isNamed(f),
    class: 'bad_request',
    blame: 'prober',
    why: 'the provider refused a parameter of our request',
  },
  {
    id: 'B1',
    when: (f) => isOneOf(f, 400, 405, 411, 413, 414, 415, 422),
    class: 'bad_request',
    blame: 'prober',
    why: 'our request was wrong',
  },
];

const namedTypes = ['provider_unavailable', 'provider_overloaded'];
const isUpstreams = (f: Facts) =>
  isNamed(f) || says(f, 'provider returned error', 'upstream error from') || namedTypes.includes(f.type);

const failureRows: Row[] = [
  {
    id: 'G1',
    when: (f) => f.status === 408,
    class: 'timeout_total',
    blame: 'gateway',
    why: 'the far side gave up waiting',
  },
  {
    id: 'G3',
    when: (f) => isOneOf(f, 503, 529, 498) && isUpstreams(f),
    class: 'overloaded',
    blame: 'provider',
    why: 'the provider is overloaded',
  },
  {
    id: 'G3',
    when: (f) => isOneOf(f, 500, 502, 503, 529) && isUpstreams(f),
    class: 'http_5xx',
    blame: 'provider',
    why: 'the provider failed',
  },
  {
    id: 'G3',
    when: (f) => isOneOf(f, 502, 529, 498, 424),
    class: 'http_5xx',
    blame: 'provider',
    why: 'the provider failed',
  },
  {
    id: 'G2',
    when: (f) => f.status === 500,
    class: 'http_5xx',
    blame: 'gateway',
    why: 'an internal error that names nobody',
  },
  {
    id: 'G4',
    when: (f) => f.status === 503 && (f.attempt ?? 0) >= 1,
    class: 'overloaded',
    blame: 'provider',
    why: 'every provider that was tried failed',
  },
  {
    id: 'G4',
    when: (f) => f.status === 503,
    class: 'http_5xx',
    blame: (f) => (f.attempt === 0 ? 'gateway' : 'unknown'),
    why: 'unavailable, and nobody is named',
  },
  {
    id: 'G5',
    when: (f) => f.status === 504,
    class: 'timeout_total',
    blame: 'provider',
    why: 'the provider was silent too long',
  },
  {
    id: 'G6',
    when: (f) => f.status === 524,
    class: 'timeout_total',
    blame: 'unknown',
    why: 'the edge gave up waiting',
  },
  {
    id: 'G8',
    when: (f) => f.status >= 505 && f.status <= 599,
    class: 'http_5xx',
    blame: (f) => (isNamed(f) ? 'provider' : 'unknown'),
    why: 'a server error',
  },
];

/** The table in its order; `G7` is what remains. */
export const errorRows: Row[] = [
  ...contentRows,
  ...authRows,
  ...missingRows,
  ...limitRows,
  ...requestRows,
  ...failureRows,
  {
    id: 'G7',
    when: () => true,
    class: 'unknown_error',
    blame: (f) => (isNamed(f) ? 'provider' : 'unknown'),
    why: 'an error of a kind not known here',
  },
];
