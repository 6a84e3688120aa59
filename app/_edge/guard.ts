import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edge } from './edge.ts';
import type { ParameterRules, Parameters } from './parameters.ts';
import type { Prepared } from './prepared.ts';
import type { Reply } from './reply.ts';

export const scopes = [
  'incidents',
  'maintenance',
  'look',
  'observations',
  'traces',
  'metrics',
  'webhooks',
] as const;
export type Scope = (typeof scopes)[number];

/** One request after its guard has let it through. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  edge: Edge;
  /** Parts of the path that the pattern names, decoded. */
  parts: Readonly<Record<string, string>>;
  parameters: Parameters;
  body: Buffer;
  address: string;
  /** Who is asking: a token's subject or the administrator; null for the public. */
  who: string | null;
  nowMs: number;
}

export type Handler = (exchange: Exchange) => Reply | 'taken' | Promise<Reply | 'taken'>;

/** What an answer from memory may depend on: nothing of the reader but the address asked for. */
export type Asked = Pick<Exchange, 'edge' | 'parts' | 'parameters'>;
/** Served from memory by address, and asked again only once what it made is no longer fresh. */
export type View = (asked: Asked) => Prepared;

/** One line of the guard table: everything that is checked before the handler runs. */
export interface Guard {
  handle?: Handler;
  /** In place of `handle`. */
  view?: View;
  /** `public`, `admin` (session), or the scope a token must carry (the admin token carries all). */
  access: 'public' | 'admin' | Scope;
  query: ParameterRules;
  /** 0: no body is accepted. */
  bodyLimitBytes: number;
  /** Whether the body may come compressed with gzip. */
  mayBePacked?: boolean;
  /** Media types a body may have; one-click unsubscribe and forms list more than JSON. */
  accepts?: readonly string[];
  /** Which bucket per address it draws from; `none` for what is answered from memory. */
  rate: 'none' | 'read' | 'write' | 'login';
  /** Whether other origins may read it. */
  isCors: boolean;
  /** For /openapi.json: what it is, and the schema of its answer by media type. Absent: not part of the API. */
  about?: {
    summary: string;
    tag: string;
    answers: Record<string, string | null>;
    body?: string;
    status?: number;
    errors?: number[];
  };
}

export type GuardTable = Readonly<Record<`${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`, Guard>>;
