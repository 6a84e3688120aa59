import { type ErrorFacts, noTiming, type Observation, type Timing } from '#lib/core/observation.ts';
import type { Random } from './random.ts';

/** What looks see: whole answers, and every way of failing a world may use. */
export type Facts = Partial<Observation>;
export type Answer = (o: Observation, random: Random) => Facts;

export function timing(totalMs: number, firstTokenMs: number | null): Timing {
  const round = (ms: number) => Math.round(ms * 10) / 10;
  return {
    ...noTiming,
    dnsMs: 2,
    connectMs: 8,
    tlsMs: 15,
    headersMs: firstTokenMs === null ? null : round(firstTokenMs * 0.4),
    firstByteMs: firstTokenMs === null ? null : round(firstTokenMs * 0.45),
    firstTokenMs: firstTokenMs === null ? null : round(firstTokenMs),
    totalMs: round(totalMs),
  };
}

export function error(more: Partial<ErrorFacts>): ErrorFacts {
  return {
    code: null,
    type: null,
    message: null,
    provider: null,
    limit: null,
    attempt: null,
    body: 'json',
    inBand: false,
    ...more,
  };
}

/** A route's own speed is a function of its name. */
function medianMs(o: Observation): number {
  let hash = 7;
  for (const char of `${o.target.provider}${o.target.model}`) hash = (hash * 31 + char.charCodeAt(0)) % 997;
  return 250 + hash;
}

export const whole: Answer = (o, random) => {
  if (o.probe !== 'completion') return freeAnswer(o, random);
  const firstTokenMs = random.around(medianMs(o), 0.25);
  return {
    reached: 'done',
    status: 200,
    served: { provider: o.target.provider === 'any' ? 'alpha' : o.target.provider, model: o.target.model },
    timing: timing(firstTokenMs + random.between(80, 500), firstTokenMs),
    output: { tokens: 8, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
    costUsd: 0.00001,
  };
};

function freeAnswer(o: Observation, random: Random): Facts {
  const done = { reached: 'done', status: 200, timing: timing(random.between(40, 300), null) } as const;
  if (o.probe === 'account') {
    return { ...done, account: { valid: true, limitRemainingUsd: 20, isFreeTier: false } };
  }
  if (o.probe === 'official') {
    return {
      ...done,
      claims: [
        {
          component: 'Chat',
          provider: null,
          model: null,
          status: 'operational',
          uptime5m: null,
          uptime30m: null,
          uptime1d: null,
        },
      ],
    };
  }
  return done;
}

/** An HTTP error that answers fast. */
export function refuses(status: number, more: Partial<ErrorFacts> = {}, named = false): Answer {
  return (o, random) => ({
    reached: 'done',
    status,
    error: error({
      code: String(status),
      message: 'Internal Server Error',
      ...(named ? { message: 'Provider returned error', provider: o.target.provider } : {}),
      ...more,
    }),
    timing: timing(random.between(60, 900), null),
  });
}

export const hangs =
  (afterMs: number, reached: Observation['reached'] = 'sent'): Answer =>
  () => ({
    reached,
    status: reached === 'sent' ? null : 200,
    fault: 'timeout',
    timing: { ...timing(afterMs, null), connectMs: 8 },
  });

export const noNetwork: Answer = (_, random) => ({
  reached: 'none',
  fault: random.pick(['unreachable', 'dns', 'timeout'] as const),
  status: null,
  timing: { ...noTiming, totalMs: Math.round(random.between(5, 5_000)) },
});

export const noConnection: Answer = () => ({
  reached: 'resolved',
  fault: 'timeout',
  status: null,
  timing: { ...noTiming, dnsMs: 2, totalMs: 5_000 },
});

export const noDns: Answer = (_, random) => ({
  reached: 'none',
  fault: 'dns',
  status: null,
  timing: { ...noTiming, totalMs: Math.round(random.between(5, 2_000)) },
});

export const refusedConnection: Answer = () => ({
  reached: 'resolved',
  fault: 'refused',
  status: null,
  timing: { ...noTiming, totalMs: 12 },
});

/** An error inside a 200. */
export function inBand(code: number, message: string, type: string | null = null): Answer {
  return (_, random) => ({
    reached: 'first_byte',
    status: 200,
    error: error({ code: String(code), message, type, inBand: true }),
    timing: timing(random.between(300, 2_000), null),
  });
}

export const cutOff: Answer = (o, random) => ({
  reached: 'first_token',
  status: 200,
  served: { provider: o.target.provider, model: o.target.model },
  timing: timing(random.between(600, 2_000), 500),
  output: { tokens: 4, reasoningTokens: 0, finish: null, done: false, answer: null },
});

export const empty: Answer = (o, random) => ({
  reached: 'first_byte',
  status: 200,
  served: { provider: o.target.provider, model: o.target.model },
  timing: timing(random.between(300, 900), null),
  output: { tokens: 0, reasoningTokens: 0, finish: 'stop', done: true, answer: 'empty' },
});

/** The same, by a recorder that calls an answer without a word done. */
export const emptyButDone: Answer = (o, random) => ({ ...empty(o, random), reached: 'done' });

export function slower(factor: number): Answer {
  return (o, random) => {
    const facts = whole(o, random);
    const firstTokenMs = (facts.timing?.firstTokenMs ?? 500) * factor;
    return { ...facts, timing: timing(firstTokenMs + 300, firstTokenMs) };
  };
}

export function stalled(stallMs: number): Answer {
  return () => ({
    reached: 'sent',
    fault: 'timeout',
    status: null,
    stallMs,
    timing: { ...noTiming, connectMs: 8, totalMs: 30_000 },
  });
}

/** What a healthy fleet shows now and then. */
export const noise: Answer = (o, random) => {
  if (o.probe !== 'completion') return random.pick([refuses(502, { body: 'html' }), noNetwork])(o, random);
  const kinds = [
    refuses(502, {}, true),
    refuses(500),
    refuses(503, {}, true),
    hangs(30_000),
    cutOff,
    empty,
    inBand(502, 'Network connection lost.'),
  ];
  return random.pick(kinds)(o, random);
};
