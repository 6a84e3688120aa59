import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { acceptsGzip, isMatch, type Prepared } from './prepared.ts';

/** An answer in memory and how to make the next one when it is no longer fresh. */
export interface Hot {
  prepared: Prepared;
  renew: () => Prepared | null | Promise<Prepared | null>;
}

/**
 * Most requests ask for the same few addresses and are answered with the same bytes as a moment ago. Those are
 * recognised before node:http parses them. Only the plainest request is: a whole GET in one piece, without a body,
 * on a connection that stays open. Everything else is handed to node:http byte
 * for byte, together with its connection, before anything was answered.
 */
export function addFastPath(server: Server, hot: Map<string, Hot>, takes: Takes = () => false): void {
  const listeners = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  const idle = new Set<Socket>();
  const handOver = (socket: Socket) => {
    for (const listener of listeners) listener.call(server, socket);
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    const forget = () => idle.delete(socket);
    const giveUp = () => socket.destroy();
    const letGo = () => {
      forget();
      socket.off('data', onData).off('close', forget).off('end', giveUp).off('error', giveUp);
      socket.off('timeout', giveUp).setTimeout(0);
    };
    const leave = (chunk: Buffer) => {
      letGo();
      handOver(socket);
      socket.emit('data', chunk);
    };
    const onData = (chunk: Buffer) => {
      const asked = socket.writableLength < mostUnsentBytes ? plainRequest(chunk) : null;
      const known = asked && hot.get(asked.url);
      if (!known) {
        if (!asked || !takes(asked, socket, letGo)) leave(chunk);
      } else if (known.prepared.isFresh()) socket.write(answerBytes(known.prepared, asked));
      else
        void renewed(known, hot, asked.url).then(
          (prepared) => {
            socket.resume();
            if (socket.destroyed) return;
            if (prepared) socket.write(answerBytes(prepared, asked));
            else leave(chunk);
          },
          () => {
            socket.resume();
            leave(chunk);
          },
        );
      // One at a time: what is sent before the answer stays in the socket.
      if (known && !known.prepared.isFresh()) socket.pause();
    };
    socket.on('data', onData).on('close', forget).on('end', giveUp).on('error', giveUp);
    socket.setTimeout(idleMs).on('timeout', giveUp);
  });
  const close = server.close.bind(server);
  server.close = (callback) => {
    for (const socket of idle) socket.destroy();
    return close(callback);
  };
}

/** Takes a connection over for good, once it has let go of it here; false: it does not want it. */
export type Takes = (asked: Plain, socket: Socket, letGo: () => void) => boolean;

const idleMs = 65_000;
const mostBytes = 8_192;
/** A reader that asks on without reading gets node:http's patience instead. */
const mostUnsentBytes = 1_048_576;
/** Anything that could mean a body, another protocol, a connection that does not go on, or a terminal. */
const isUnusual =
  /\r\n(?:user-agent: *(?:curl|wget|httpie|xh)\/|content-length|transfer-encoding|upgrade|expect|te|trailer|range|if-modified-since|connection:(?! *keep-alive\r\n)| |\t)/i;
const hasHost = /\r\nhost: *[^\s,]+\r\n/i;
const hasTwoHosts = /\r\nhost:[\s\S]*?\r\nhost:/i;
const tagHeader = /\r\nif-none-match: *([^\r\n]*)\r\n/i;
const codingHeader = /\r\naccept-encoding: *([^\r\n]*)\r\n/i;

export interface Plain {
  url: string;
  head: string;
}

/** The request when it is one of the plainest, or null when node:http should look at it. */
export function plainRequest(chunk: Buffer): Plain | null {
  if (chunk.length > mostBytes || chunk[0] !== 0x47) return null;
  const text = chunk.toString('latin1');
  const end = text.indexOf(' HTTP/1.1\r\n');
  if (end < 0 || !text.startsWith('GET ') || text.indexOf('\r\n\r\n') !== text.length - 4) return null;
  const head = text.slice(end + 9);
  if (isUnusual.test(head) || !hasHost.test(head) || hasTwoHosts.test(head)) return null;
  return { url: text.slice(4, end), head };
}

function answerBytes(prepared: Prepared, { head }: Plain): Buffer {
  const tag = tagHeader.exec(head)?.[1];
  const isUnchanged = tag !== undefined && (tag === prepared.etag || isMatch(tag, prepared.etag));
  return prepared.bytes(isUnchanged, acceptsGzip(codingHeader.exec(head)?.[1]));
}

async function renewed(known: Hot, hot: Map<string, Hot>, url: string): Promise<Prepared | null> {
  const prepared = await known.renew();
  if (prepared) hot.set(url, { prepared, renew: known.renew });
  else hot.delete(url);
  return prepared;
}
