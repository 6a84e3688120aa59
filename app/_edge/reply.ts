import { randomBytes } from 'node:crypto';

/** What a route answers: a value, so that a route can be tested without a socket. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string | null;
}

export interface ProblemError {
  parameter?: string;
  field?: string;
  line?: number;
  detail: string;
}

export const problems = {
  'invalid-parameter': { status: 400, title: 'Invalid parameter' },
  'bad-request': { status: 400, title: 'Bad request' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  'not-found': { status: 404, title: 'Not found' },
  'unknown-target': { status: 404, title: 'Unknown target' },
  'unknown-format': { status: 404, title: 'Unknown format' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'not-acceptable': { status: 406, title: 'Not acceptable' },
  conflict: { status: 409, title: 'Conflict' },
  'too-large': { status: 413, title: 'Body too large' },
  'uri-too-long': { status: 414, title: 'Address too long' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'invalid-body': { status: 422, title: 'Invalid body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'Internal error' },
  'feed-unavailable': { status: 503, title: 'Feed unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemKind = keyof typeof problems;

/** A refusal on its way to the far side; thrown by parsing, answered by the server. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly errors: ProblemError[];
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: { errors?: ProblemError[]; headers?: Record<string, string>; extra?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }
}

/** RFC 9457. The instance is the request's own path, cut short; nothing else of the request is reflected. */
export function problemReply(problem: Problem, instance: string, typeBase: string): Reply {
  const { status, title } = problems[problem.kind];
  const body = {
    type: `${typeBase}/problems/${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: instance.slice(0, 200),
    request_id: randomBytes(8).toString('hex'),
    ...(problem.errors.length > 0 ? { errors: problem.errors.slice(0, 20) } : {}),
    ...problem.extra,
  };
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...problem.headers,
    },
    body: JSON.stringify(body),
  };
}

export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function text(body: string, headers: Record<string, string> = {}, status = 200): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}
