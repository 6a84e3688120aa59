import type { Socket } from 'node:net';
import type { Edge } from './edge.ts';
import type { Takes } from './fast-path.ts';
import type { Guard } from './guard.ts';
import { readParameters } from './parameters.ts';
import { network } from './rate-limits.ts';
import { feedQueryOf } from './routes/health.ts';
import { positionOf } from './routes/health-stream.ts';

const path = '/api/v1/health/stream';
/** Who is asking, or how, is then for the ordinary way to find out. */
const isIndirect = /\r\n(?:x-forwarded-for|forwarded|authorization|cookie):/i;
const resumeHeader = /\r\nlast-event-id: *([^\r\n]*)\r\n/i;

/**
 * A stream lives for a quarter of an hour and there may be ten thousand: the plain ones are held as bare connections,
 * without a parser, a request and a response each. What is refused is refused by the ordinary way, in its words.
 */
export function bareStreams(edge: Edge, guard: Guard): Takes {
  return ({ url, head }, socket, letGo) => {
    if (!url.startsWith(path) || (url.length > path.length && url[path.length] !== '?')) return false;
    const address = socket.remoteAddress;
    if (address === undefined || isIndirect.test(head)) return false;
    try {
      const parameters = readParameters(url.slice(path.length), guard.query);
      const query = { ...feedQueryOf(parameters), view: 'routing' as const };
      if (!edge.streams.hasRoom(query) || !edge.streams.mayOpen(network(address))) return false;
      const id = resumeHeader.exec(head)?.[1] ?? parameters.get('last_event_id');
      letGo();
      quieten(socket);
      edge.streams.join(socket, address, query, positionOf(id, edge.live.facts().epoch));
      return true;
    } catch {
      return false;
    }
  };
}

/** Whatever is still sent on it means nothing; half closed is closed. */
function quieten(socket: Socket): void {
  socket.on('end', close).resume();
}

function close(this: Socket): void {
  this.destroy();
}
