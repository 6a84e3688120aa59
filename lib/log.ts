import pino from 'pino';
import { type Redact, redactFamilies } from './redact.ts';

/** Structured lines on stderr. Everything that could carry a secret goes through redaction before it is written. */
export type Log = pino.Logger;

const hidden = [
  'key',
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'webhook_url',
  'to',
  'address',
];

export function createLog(options: {
  name: string;
  level?: string;
  stream?: pino.DestinationStream;
  redact?: Redact;
}): Log {
  const redact = options.redact ?? redactFamilies;
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      timestamp: pino.stdTimeFunctions.isoTime,
      // Without it an error is written as {}: its text is the first thing one looks for.
      serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
      redact: { paths: hidden.flatMap((word) => [word, `*.${word}`, `*.*.${word}`]), censor: '[redacted]' },
      hooks: {
        streamWrite: (line: string) => redact(line),
      },
    },
    options.stream ?? pino.destination({ dest: 2, sync: true }),
  );
}
