import type { Config } from '../config/schema.ts';
import { composeMessage } from '../core/message.ts';
import type { CoreEvent } from '../core/plan.ts';
import type { Http } from '../http.ts';
import type { Mailer, Sent } from './channel.ts';
import { readOperators } from './operators.ts';

export interface Tried {
  id: string;
  channel: string;
  about: string;
  sent: Sent;
  tookMs: number;
}

/** A test message to each configured channel, or to those whose id or name holds `only`; at once and without an outbox. */
export async function tryChannels(
  config: Config,
  io: { http: Http; mail: Mailer | null; nowMs: () => number; only?: string | undefined },
): Promise<Tried[]> {
  const { receivers, lines } = readOperators(config, io.nowMs());
  const chosen = receivers.filter((one) => io.only === undefined || one.id.includes(io.only));
  return Promise.all(
    chosen.map(async ({ id, channel }) => {
      const known = lines.get(id);
      if (!known) throw new Error(`${id} has no line`);
      const startedMs = io.nowMs();
      const sent = await known.line.send(testMessage(config, id, startedMs), {
        http: io.http,
        mail: io.mail,
        nowMs: io.nowMs,
        signal: AbortSignal.timeout(22_000),
        thread: null,
        attempt: 1,
      });
      return { id, channel, about: known.line.about, sent, tookMs: io.nowMs() - startedMs };
    }),
  );
}

function testMessage(config: Config, receiverId: string, nowMs: number) {
  const event: CoreEvent = {
    id: `test:${receiverId}:${nowMs}`,
    type: 'endpoint.test',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence: 'This is a test message: the way from here to you works.',
    reason: 'somebody asked for a test message',
    startedAtMs: null,
    expiresAtMs: null,
    data: {},
  };
  return composeMessage(event, null, {
    deliveryId: `test_${nowMs}`,
    nowMs,
    baseUrl: config.url ?? null,
    timeZone: config.page.time_zone,
    title: config.page.title,
    chains: [],
    runbooks: {},
    own: [],
    wasTold: false,
    state: null,
  });
}
