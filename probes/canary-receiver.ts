import type { Http } from '#lib/http.ts';
import { webhook } from '#lib/notify/webhook.ts';
import type { Receiver } from '#lib/store.ts';
import type { Entry } from './delivery-book.ts';

export const canaryId = 'op_canary';

/** A receiver of this process's own: an ordinary signed webhook, kept in no table. */
export function canaryEntry(url: string, secret: Buffer, io: { http: Http; nowMs(): number }): Entry | null {
  const opened = webhook.open({ url, secret: `whsec_${secret.toString('base64')}` });
  if (!opened.ok) return null;
  const receiver: Receiver = {
    id: canaryId,
    origin: 'operator',
    channel: 'webhook',
    settings: {},
    scope: [],
    minImpact: null,
    kinds: [],
    untilIncidentId: null,
    status: 'active',
    createdAtMs: io.nowMs(),
    isMutedUntilMs: null,
  };
  return { receiver, channel: webhook, line: opened.line, http: io.http };
}
