import type { Message } from '../core/message.ts';
import type { Http } from '../http.ts';
import type { Problem } from './settings.ts';

/** Where messages go. A channel is one file and one line in `table.ts`. */
export interface Channel {
  /** Strict: anything the channel does not know is a problem that names itself. */
  open(raw: Record<string, unknown>): Opened;
  /** Which retry schedule fits (`retry.ts`). */
  patience: 'webhook' | 'chat' | 'email';
  /** A machine reads it: every event by itself, never grouped, no hourly limit. */
  isForMachines: boolean;
  /** A pager: nobody is woken to hear that something is over. */
  skipsUntold: boolean;
  /** Shortest time between two messages of one receiver. */
  gapMs: number;
  /** Most messages of this channel in flight at once. */
  mostInFlight: number;
}

export type Opened = { ok: true; line: Line } | { ok: false; problems: Problem[] };

/** One receiver's settings, understood. */
export interface Line {
  /** What a slow answer is held against. */
  host: string;
  /** For logs and pages: who is meant, without a secret. */
  about: string;
  /** What makes it this receiver and no other; may be secret, so it is only ever hashed. */
  identity: string;
  send(message: Message, io: NotifyIo): Promise<Sent>;
}

/** Everything a channel may touch. */
export interface NotifyIo {
  http: Http;
  mail: Mailer | null;
  nowMs: () => number;
  signal: AbortSignal;
  /** What the channel kept from earlier messages of this incident. */
  thread: Record<string, unknown> | null;
  attempt: number;
}

/** Hands over one mail; `lib/notify/smtp.ts` makes it. */
export interface Mailer {
  send(mail: Mail): Promise<Sent>;
  close(): void;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Local part of the Message-ID; the same on every attempt. */
  id: string;
  threadId: string | null;
  headers: Record<string, string>;
  signal: AbortSignal;
}

export type Sent = { ok: true; note: string; thread?: Record<string, unknown> } | ({ ok: false } & SendFault);

/** Why a message did not go out. `text` is for the operator and holds no secret and nothing of the receiver's body. */
export interface SendFault {
  code: string;
  /** Trying again cannot help. */
  permanent: boolean;
  /** The receiver is gone for good: stop sending it anything. */
  disables: boolean;
  isTimeout: boolean;
  retryAfterMs: number | null;
  /** At most this many tries in all, where the answer was odd but not final. */
  mostTries: number | null;
  text: string;
}

export function fault(code: string, text: string, change: Partial<SendFault> = {}): Sent {
  return {
    ok: false,
    code,
    text,
    permanent: false,
    disables: false,
    isTimeout: false,
    retryAfterMs: null,
    mostTries: null,
    ...change,
  };
}
