import { iso, isoOrNull } from '#lib/core/feed-routing.ts';
import { addWebhook } from '#lib/ops/add-webhook.ts';
import { listWebhooks } from '#lib/ops/list-webhooks.ts';
import type { OpsIo, Refusal } from '#lib/ops/ops-io.ts';
import type { Owner } from '#lib/ops/own-webhooks.ts';
import { removeWebhook } from '#lib/ops/remove-webhook.ts';
import { rotateWebhookSecret } from '#lib/ops/rotate-webhook-secret.ts';
import type { SubscriptionView } from '#lib/ops/subscription-view.ts';
import { testWebhook } from '#lib/ops/test-webhook.ts';
import { webhookDeliveries } from '#lib/ops/webhook-deliveries.ts';
import { readJson } from '../body.ts';
import type { Exchange, Handler } from '../guard.ts';
import { json, Problem, type Reply } from '../reply.ts';

/** Webhooks of the holder of a token with the scope `webhooks`; the administrator sees everybody's. */

function io({ edge, nowMs }: Exchange): OpsIo {
  if (!edge.sealer) throw new Problem('not-found', 'there is nothing at this address');
  return { store: edge.store, sealer: edge.sealer, nowMs };
}

const ownerOf = ({ who }: Exchange): Owner => (who === 'admin' ? null : (who ?? ''));
const named = (x: Exchange) => ({ id: x.parts.id ?? '', owner: ownerOf(x) });

function refused({ code, text }: Refusal): Problem {
  return new Problem(code === 'unknown_webhook' ? 'not-found' : 'conflict', text);
}

function body(view: SubscriptionView): Record<string, unknown> {
  return {
    id: view.id,
    host: view.about,
    status: view.status,
    kinds: view.kinds,
    scope: view.scope,
    min_impact: view.minImpact,
    created_at: iso(view.createdAtMs),
    muted_until: isoOrNull(view.isMutedUntilMs),
  };
}

/** `POST /api/v1/webhooks`: the secret is in this answer only. */
export const createWebhook: Handler = (x): Reply => {
  const raw = readJson(x.body);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new Problem('invalid-body', 'an object');
  const added = addWebhook(io(x), { raw: raw as Record<string, unknown>, owner: x.who ?? '' });
  if (added.ok) return json({ ...body(added.webhook), secret: added.secret }, {}, 201);
  if (!('problems' in added)) throw refused(added);
  throw new Problem('invalid-body', added.text, {
    errors: added.problems.map((one) => ({ field: one.path, detail: `expected ${one.expected}` })),
  });
};

/** `GET /api/v1/webhooks`. */
export const webhooks: Handler = (x) => json({ webhooks: listWebhooks(x.edge, ownerOf(x)).map(body) });

/** `DELETE /api/v1/webhooks/{id}`. */
export const deleteWebhook: Handler = (x) => {
  const removed = removeWebhook(x.edge, named(x));
  if (!removed.ok) throw refused(removed);
  return json({ removed: 1 });
};

/** `POST /api/v1/webhooks/{id}/test`. */
export const tryWebhook: Handler = (x) => {
  const asked = testWebhook({ store: x.edge.store, nowMs: x.nowMs }, named(x));
  if (!asked.ok) throw refused(asked);
  return json({ accepted: 1 }, {}, 202);
};

/** `POST /api/v1/webhooks/{id}/rotate`: the last secret goes on signing beside the new one. */
export const rotateWebhook: Handler = (x) => {
  const rotated = rotateWebhookSecret(io(x), named(x));
  if (!rotated.ok) throw refused(rotated);
  return json({ id: x.parts.id, secret: rotated.secret });
};

/** `GET /api/v1/webhooks/{id}/deliveries`. */
export const deliveries: Handler = (x) => {
  const found = webhookDeliveries(x.edge, named(x));
  if (!found.ok) throw refused(found);
  return json({
    deliveries: found.lines.map((one) => ({
      at: iso(one.atMs),
      id: one.deliveryId,
      event_id: one.eventId,
      what: one.what,
      text: one.text,
    })),
  });
};
