import { createSecureContext } from 'node:tls';
import type { Fault, Phase } from './core/observation.ts';
import { exchange } from './http-exchange.ts';
import { type AddressPolicy, anyAddress } from './http-guard.ts';
import { createResolver, type Resolver } from './http-resolve.ts';

export { isPublicAddress, loopbackPolicy, strictPolicy } from './http-guard.ts';

/** The only outgoing sockets of the project. One fresh connection per request; nothing is kept, cached or retried. */
export interface Http {
  /** Never rejects for what the network does: a fault is part of the answer. Rejects only for a request that is no request. */
  request(request: HttpRequest): Promise<HttpLook>;
}

export interface HttpRequest {
  url: string;
  /** GET when absent. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array | null;
  signal?: AbortSignal;
  limits?: Partial<HttpLimits>;
  /** 0 when absent. Only GET and HEAD follow; to another origin no header of the caller but accept and user-agent goes along. */
  maxRedirects?: number;
  /** Only this address family; v4 first when absent. */
  family?: 4 | 6;
  /** Reads the certificate's dates; costs a parse. */
  wantsCertificate?: boolean;
  /** Streaming: each decoded piece with its monotonic instant. The body is then not kept. `stop` ends the look as complete. */
  onChunk?: (chunk: Uint8Array, monoMs: number) => 'stop' | undefined;
}

export interface HttpLimits {
  /** Names, TCP and TLS together. */
  connectMs: number;
  /** Until the first byte of the response, from the start. */
  firstByteMs: number;
  /** The longest silence inside the body. */
  idleMs: number;
  totalMs: number;
  headerBytes: number;
  wireBytes: number;
  bodyBytes: number;
}

/** All numbers are milliseconds since the look began, on the monotonic clock, rounded to 0.1: instants, not lengths of phases. */
export interface HttpTiming {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  /** First byte of the response. */
  headersMs: number | null;
  /** First byte of the body. */
  firstByteMs: number | null;
  totalMs: number;
}

export interface HttpLook {
  /** `done`: the response ended as HTTP says it must (or the reader had enough). Never `first_token`. */
  reached: Exclude<Phase, 'first_token'>;
  fault: Fault | null;
  /** Stable code and a sentence for the operator; null without a fault. */
  faultCode: string | null;
  faultText: string | null;
  status: number | null;
  headers: Record<string, string>;
  /** What was read, decoded; empty when `onChunk` took it. */
  body: Uint8Array;
  bodyBytes: number;
  wireBytes: number;
  timing: HttpTiming;
  startedMonoMs: number;
  address: string | null;
  family: 4 | 6 | null;
  certificateFromMs: number | null;
  certificateExpiresAtMs: number | null;
  /** Where the answer came from: differs from the request after redirects. */
  url: string;
}

export const defaultLimits: HttpLimits = {
  connectMs: 5_000,
  firstByteMs: 10_000,
  idleMs: 30_000,
  totalMs: 30_000,
  headerBytes: 16_384,
  wireBytes: 262_144,
  bodyBytes: 262_144,
};

export interface DispatcherOptions {
  limits?: Partial<HttpLimits>;
  resolver?: Resolver;
  /** Further certificate authorities, PEM. */
  ca?: string[];
  userAgent?: string;
  monoMs?: () => number;
}

export const userAgent = 'Signalbox/1 (uptime monitor)';

/** For addresses the operator configured: any address, bounded in time and bytes. */
export function createTrusted(options: DispatcherOptions = {}): Http {
  return createDispatcher(anyAddress, options);
}

/** For addresses strangers gave: every connection is checked at the connector, after names are resolved. */
export function createUntrusted(policy: AddressPolicy, options: DispatcherOptions = {}): Http {
  return createDispatcher(policy, options);
}

function createDispatcher(policy: AddressPolicy, options: DispatcherOptions): Http {
  const shared = {
    policy,
    resolver: options.resolver ?? createResolver(),
    secureContext: createSecureContext(options.ca ? { ca: options.ca } : {}),
    monoMs: options.monoMs ?? (() => performance.now()),
    userAgent: options.userAgent ?? userAgent,
    limits: { ...defaultLimits, ...options.limits },
  };
  return { request: (request) => exchange(request, shared) };
}
