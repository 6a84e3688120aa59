import { pushHeartbeat } from '#lib/ops/push-heartbeat.ts';
import { isEqualSecret } from '../access.ts';
import type { Handler } from '../guard.ts';
import type { ParameterRules } from '../parameters.ts';
import { json } from '../reply.ts';
import { refusedBy } from './rest-write.ts';

export const heartbeatParameters = {
  status: { kind: 'one', values: ['up', 'down'], about: 'up when absent' },
  msg: { kind: 'text', max: 300, about: 'one line, shown when it is down' },
  ping: { kind: 'text', max: 20, about: 'accepted and left out: other monitors send it' },
} as const satisfies ParameterRules;

/** `/api/v1/heartbeats/{token}`: whoever holds the token reports in, with POST or with a plain GET from a cron line. */
export const heartbeat: Handler = ({ edge, parts, parameters, nowMs }) => {
  const token = parts.token ?? '';
  const known = edge.config.heartbeats.find((one) => isEqualSecret(one.token, token));
  const asked = pushHeartbeat(
    { store: edge.store, nowMs },
    {
      name: known?.name ?? null,
      isUp: parameters.get('status')?.toLowerCase() !== 'down',
      text: parameters.get('msg') ?? null,
    },
  );
  if (!asked.ok) throw refusedBy(asked);
  return json({ id: asked.id, accepted: 1 }, {}, 202);
};
