import type { Fault } from './core/observation.ts';

/** What ended a look before its answer was complete. `code` is stable; `text` is for the operator. */
export class LookFault extends Error {
  readonly fault: Fault;
  readonly code: string;
  constructor(fault: Fault, code: string, text: string, cause?: unknown) {
    super(text, { cause });
    this.fault = fault;
    this.code = code;
  }
}

const faultByCode: Record<string, Fault> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  HPE_HEADER_OVERFLOW: 'too_large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed',
  UND_ERR_ABORTED: 'aborted',
  // A header that is none: our own mistake.
  UND_ERR_INVALID_ARG: 'aborted',
  // Our own machine ran out of something: no look was made.
  EMFILE: 'aborted',
  ENFILE: 'aborted',
  ENOMEM: 'aborted',
  ENOBUFS: 'aborted',
  EADDRNOTAVAIL: 'aborted',
};

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause ? codeOf(cause) : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A socket's or parser's error as a fault of the look. The first cause wins: a LookFault stays what it is. */
export function toLookFault(error: unknown): LookFault {
  if (error instanceof LookFault) return error;
  const code = codeOf(error);
  const isParsers = code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError');
  // A line that ends inside a body is cut, not garbled; the parser has no code for it.
  const isGarbled = isParsers && !textOf(error).includes('Invalid EOF');
  const fault = faultByCode[code] ?? (isGarbled ? 'malformed' : 'reset');
  return new LookFault(fault, code || 'UNKNOWN', textOf(error), error);
}

/** While the handshake runs, everything but a broken line is TLS's own fault. */
export function toTlsFault(error: unknown): LookFault {
  if (error instanceof LookFault) return error;
  const code = codeOf(error);
  const fault = faultByCode[code] ?? 'tls';
  return new LookFault(fault, code || 'TLS', textOf(error), error);
}
