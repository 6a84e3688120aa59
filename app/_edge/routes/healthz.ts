import type { Handler } from '../guard.ts';
import { json } from '../reply.ts';

/** `GET /healthz`: this process answers. Says nothing of what it watches. */
export const healthz: Handler = () => json({ status: 'ok' });

/** `GET /readyz`: it has a picture of the store, and the worker is alive. */
export const readyz: Handler = ({ edge }) => {
  const facts = edge.live.facts();
  const reasons = [
    edge.live.trouble !== null ? 'the store cannot be read' : null,
    facts.beatMs === null ? 'the worker has not reported yet' : null,
    facts.beatMs !== null && facts.isExpired ? 'the worker has stopped reporting' : null,
  ].filter((reason) => reason !== null);
  const status = reasons.length === 0 ? 'ready' : 'not_ready';
  return json({ status, reasons }, {}, reasons.length === 0 ? 200 : 503);
};
