import { connect as netConnect, type Socket } from 'node:net';
import { type SecureContext, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { LookFault, toLookFault, toTlsFault } from './http-faults.ts';
import { type AddressPolicy, literalAddress } from './http-guard.ts';
import type { Address, Resolver } from './http-resolve.ts';

export interface Opening {
  url: URL;
  policy: AddressPolicy;
  resolver: Resolver;
  secureContext: SecureContext;
  /** The time left for names, TCP and TLS together. */
  connectMs: number;
  family?: 4 | 6;
  monoMs: () => number;
}

/** Filled in as the connection comes about, so that a failed one still tells how far it came. Monotonic instants. */
export interface OpeningMarks {
  resolvedMonoMs: number | null;
  connectedMonoMs: number | null;
  securedMonoMs: number | null;
  address: string | null;
  family: 4 | 6 | null;
  socket: Socket | null;
  /** Set by whoever gave up: nothing is opened after it. */
  stopped: LookFault | null;
}

/** A second address gets its turn only if this much is left for it: 250 ms per address calls a slow line dead. */
const leastAttemptMs = 2_500;

/** lookup → net.connect → tls.connect, each with its instant. `marks.socket` is set at once, so a caller can destroy it. */
export async function openSocket(opening: Opening, marks: OpeningMarks): Promise<Socket> {
  const { url, monoMs } = opening;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (!opening.policy.isPortAllowed(port)) throw blocked(`port ${port}`);
  const deadlineMonoMs = monoMs() + opening.connectMs;
  const addresses = await findAddresses(opening);
  marks.resolvedMonoMs = monoMs();
  const socket = await connectFirst(opening, marks, addresses, port, deadlineMonoMs).catch(async (error) => {
    const others = await otherFamily(opening, addresses, error);
    return connectFirst(opening, marks, others, port, deadlineMonoMs);
  });
  marks.connectedMonoMs = monoMs();
  if (url.protocol !== 'https:') return socket;
  const secured = await secure(opening, marks, socket);
  marks.securedMonoMs = monoMs();
  return secured;
}

function blocked(what: string): LookFault {
  return new LookFault('unreachable', 'EBLOCKED', `${what} is not allowed by policy`);
}

async function findAddresses({ url, policy, resolver, family }: Opening): Promise<Address[]> {
  const literal = literalAddress(url.hostname);
  const found: Address[] = literal
    ? [{ address: literal, family: literal.includes(':') ? 6 : 4 }]
    : await resolver.resolve(url.hostname, family);
  if (!found.length) throw new LookFault('dns', 'ENODATA', `${url.hostname}: no address`);
  // One forbidden address refuses all: a rebinding host mixes them.
  if (found.some(({ address }) => !policy.isAddressAllowed(address))) throw blocked('address');
  return found;
}

/** A machine without v4 cannot reach v4 addresses; whether the name has others is asked only then. */
async function otherFamily(opening: Opening, addresses: Address[], error: LookFault): Promise<Address[]> {
  const { url, family, resolver, policy } = opening;
  const isNoNetwork = error.code === 'ENETUNREACH' || error.code === 'EHOSTUNREACH';
  const isV4Only = addresses.every((one) => one.family === 4);
  if (!isNoNetwork || !isV4Only || family || literalAddress(url.hostname)) throw error;
  const others = await resolver.resolve(url.hostname, 6).catch(() => Promise.reject(error));
  if (!others.length) throw error;
  if (others.some(({ address }) => !policy.isAddressAllowed(address))) throw blocked('address');
  return others;
}

async function connectFirst(
  opening: Opening,
  marks: OpeningMarks,
  addresses: Address[],
  port: number,
  deadlineMonoMs: number,
): Promise<Socket> {
  let first: LookFault | null = null;
  for (const { address, family } of addresses.slice(0, 3)) {
    if (marks.stopped) throw marks.stopped;
    const leftMs = deadlineMonoMs - opening.monoMs();
    if (first && leftMs < leastAttemptMs) break;
    Object.assign(marks, { address, family });
    const attemptMs = first ? leftMs : Math.max(Math.min(leftMs, leastAttemptMs), leftMs / 2);
    try {
      return await connectTcp(marks, address, port, addresses.length > 1 ? attemptMs : leftMs);
    } catch (error) {
      first ??= toLookFault(error);
      if (marks.stopped) break;
    }
  }
  throw first ?? new LookFault('timeout', 'CONNECT_TIMEOUT', 'no time left to connect');
}

function connectTcp(marks: OpeningMarks, host: string, port: number, attemptMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = netConnect({ host, port, noDelay: true, autoSelectFamily: false });
    marks.socket = socket;
    const timer = setTimeout(
      () => socket.destroy(new LookFault('timeout', 'CONNECT_TIMEOUT', 'no TCP connection in time')),
      Math.max(1, attemptMs),
    );
    const onError = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    const onClose = () => onError(new LookFault('aborted', 'CLOSED', 'closed while connecting'));
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('close', onClose);
      resolve(socket);
    });
  });
}

function secure(opening: Opening, marks: OpeningMarks, socket: Socket): Promise<TLSSocket> {
  const { hostname } = opening.url;
  return new Promise((resolve, reject) => {
    const secured = tlsConnect({
      socket,
      secureContext: opening.secureContext,
      ALPNProtocols: ['http/1.1'],
      // A server name is a name: RFC 6066 has no literals.
      ...(literalAddress(hostname) ? { host: literalAddress(hostname) as string } : { servername: hostname }),
    });
    marks.socket = secured;
    const onError = (error: Error) => reject(toTlsFault(error));
    const onClose = () => reject(new LookFault('reset', 'CLOSED', 'closed during the TLS handshake'));
    secured.once('error', onError);
    secured.once('close', onClose);
    secured.once('secureConnect', () => {
      secured.off('error', onError);
      secured.off('close', onClose);
      resolve(secured);
    });
  });
}
