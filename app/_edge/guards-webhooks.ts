import type { GuardTable } from './guard.ts';
import {
  createWebhook,
  deleteWebhook,
  deliveries,
  rotateWebhook,
  tryWebhook,
  webhooks,
} from './routes/webhooks.ts';

const own = { access: 'webhooks', query: {}, bodyLimitBytes: 0, rate: 'write', isCors: false } as const;
const about = (summary: string, status: number, errors: number[] = []) => ({
  summary,
  tag: 'webhooks',
  answers: { 'application/json': null },
  status,
  errors,
});

/** Webhooks of an API key; strangers subscribe theirs at `/api/v1/subscriptions`. */
export const webhookGuards = {
  'POST /api/v1/webhooks': {
    ...own,
    bodyLimitBytes: 8_192,
    handle: createWebhook,
    about: about('Have events sent to an address of yours', 201, [409, 422]),
  },
  'GET /api/v1/webhooks': { ...own, rate: 'read', handle: webhooks, about: about('Your webhooks', 200) },
  'DELETE /api/v1/webhooks/{id}': { ...own, handle: deleteWebhook, about: about('End one', 200, [404]) },
  'POST /api/v1/webhooks/{id}/test': {
    ...own,
    bodyLimitBytes: 1_024,
    handle: tryWebhook,
    about: about('Send endpoint.test to one', 202, [404]),
  },
  'POST /api/v1/webhooks/{id}/rotate': {
    ...own,
    bodyLimitBytes: 1_024,
    handle: rotateWebhook,
    about: about('A new secret beside the last one', 200, [404, 409]),
  },
  'GET /api/v1/webhooks/{id}/deliveries': { ...own, rate: 'read', handle: deliveries },
} satisfies GuardTable;
