import type { Handler } from '../guard.ts';
import { Problem } from '../reply.ts';
import { feedQueryOf } from './health.ts';

const mostStreams = 20_000;

/** The position a reader was at: null when there is none, it is garbage, or of another epoch. */
export function positionOf(id: string | undefined, epoch: string): number | null {
  const match = /^(.{1,64})-(\d{1,15})$/.exec(id ?? '');
  return match && match[1] === epoch ? Number(match[2]) : null;
}

/** `GET /api/v1/health/stream`: server-sent events, always the routing view. */
export const healthStream: Handler = ({ req, res, edge, parameters, address }) => {
  const { streams } = edge;
  if (req.method === 'HEAD')
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: null };
  const query = { ...feedQueryOf(parameters), view: 'routing' as const };
  // 204 tells an EventSource not to come back: it should poll.
  if (streams.open >= mostStreams || !streams.hasRoom(query)) return { status: 204, headers: {}, body: null };
  if (!streams.mayOpen(address))
    throw new Problem('rate-limited', `at most ${streams.perAddressLimit} streams per address`, {
      headers: { 'retry-after': '30' },
    });
  const header = req.headers['last-event-id'];
  const id = typeof header === 'string' ? header : parameters.get('last_event_id');
  streams.join(res, address, query, positionOf(id, edge.live.facts().epoch));
  return 'taken';
};
