import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { HttpLook } from './http.ts';
import { Client } from './http-client.ts';
import { openSocket } from './http-connect.ts';
import { toLookFault } from './http-faults.ts';
import { createHandler, requestOf } from './http-receive.ts';
import { readInSips } from './http-sips.ts';
import { blankState, type Hop, type HopState, toLook } from './http-state.ts';
import { createStop, type Stop } from './http-stop.ts';

/** One request on one fresh connection, from name to last byte. */
export async function runHop(hop: Hop): Promise<HttpLook> {
  const state = blankState();
  const stop = createStop(hop, state);
  try {
    stop.check();
    const opening = openSocket({ ...hop.shared, ...openingOf(hop) }, state.marks);
    opening.catch(() => {});
    const socket = await Promise.race([opening, stop.stopped]);
    readInSips(socket);
    if (hop.request.wantsCertificate && hop.url.protocol === 'https:') {
      Object.assign(state, certificateDates(socket as TLSSocket));
    }
    stop.enter('response');
    await Promise.race([converse(hop, state, socket, stop), stop.stopped]);
    state.isDone = state.fault === null;
  } catch (error) {
    state.fault ??= toLookFault(error);
  } finally {
    stop.end();
    state.path?.destroy();
    state.marks.socket?.destroy();
  }
  return toLook(hop, state);
}

function openingOf({ url, limits, request }: Hop) {
  return { url, connectMs: limits.connectMs, ...(request.family ? { family: request.family } : {}) };
}

function certificateDates(socket: TLSSocket): Pick<HopState, 'certificateFromMs' | 'certificateExpiresAtMs'> {
  const { valid_from: from, valid_to: end } = socket.getPeerCertificate();
  const instant = (text: string | undefined) => {
    const ms = Date.parse(text ?? '');
    return Number.isNaN(ms) ? null : ms;
  };
  return { certificateFromMs: instant(from), certificateExpiresAtMs: instant(end) };
}

/** undici speaks HTTP on the socket we opened; it connects nowhere and keeps no time. */
function converse(hop: Hop, state: HopState, socket: Socket, stop: Stop): Promise<void> {
  const client = new Client(hop.url.origin, {
    // Not at once: undici is still inside its own loop when it asks.
    connect: (_options, callback) => queueMicrotask(() => callback(null, socket)),
    allowH2: false,
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: hop.limits.headerBytes,
    maxResponseSize: -1,
  });
  return new Promise((resolve, reject) => {
    // undici takes a reset for the end of a body without a length; heard first, it stays a reset.
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== undefined) reject(error);
    });
    const handler = createHandler(hop, state, stop, resolve, reject);
    client.dispatch(requestOf(hop), handler);
  });
}
