import { askWorker } from '#lib/ops/ask-worker.ts';
import { isEqualSecret } from '../access.ts';
import type { Handler } from '../guard.ts';
import type { ParameterRules } from '../parameters.ts';
import { json, Problem } from '../reply.ts';

export const pushParameters = {
  status: { kind: 'one', values: ['up', 'down'], about: 'up when absent' },
  msg: { kind: 'text', max: 200, about: 'a word about it' },
  ping: { kind: 'text', max: 20, about: 'accepted and not used' },
} as const satisfies ParameterRules;

/** `GET` or `POST /api/push/{token}`: a job of somebody's says that it is alive. */
export const push: Handler = ({ edge, parts, parameters, nowMs }) => {
  const heartbeat = edge.config.heartbeats.find((h) => isEqualSecret(h.token, parts.token ?? ''));
  if (!heartbeat) throw new Problem('not-found', 'nobody is expected at this address');
  const isUp = parameters.get('status') !== 'down';
  const body = { name: heartbeat.name, isUp, text: parameters.get('msg') ?? null };
  askWorker({ store: edge.store, nowMs }, 'push', body, `heartbeat:${heartbeat.name}`);
  return json({ ok: true });
};
