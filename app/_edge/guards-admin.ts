import { formLine } from './form.ts';
import type { GuardTable } from './guard.ts';
import {
  cancelPlan,
  changeIncident,
  changeReceiver,
  lookAt,
  maintain,
  muteOne,
  openByHand,
} from './routes/admin-acts.ts';
import { adminPage, login, logout } from './routes/admin-session.ts';
import { explainForm } from './routes/explain-form.ts';
import { subscribeApi, subscribeForm } from './routes/subscribe.ts';
import {
  acknowledgeAct,
  acknowledgePage,
  confirmAct,
  confirmPage,
  manageAct,
  managePage,
  unsubscribeAct,
  unsubscribePage,
} from './routes/subscriptions.ts';

/** What browsers' forms are sent to, and the pages behind links from messages: never kept in memory. */

const admin = { ...formLine, access: 'admin' } as const;
const form = { ...formLine, access: 'public' } as const;
const page = { access: 'public', query: {}, bodyLimitBytes: 0, rate: 'read', isCors: false } as const;
const word = { kind: 'text', max: 200, about: 'what the last form did' } as const;
// The page decides what it shows: without a session, the form to sign in.
const adminRead = { ...page, query: { done: word, error: word }, handle: adminPage };

export const adminGuards = {
  'GET /admin': adminRead,
  'GET /admin/{tab}': adminRead,
  'GET /zh/admin': adminRead,
  'GET /zh/admin/{tab}': adminRead,
  'POST /admin/login': { ...form, rate: 'login', handle: login },
  'POST /admin/logout': { ...admin, handle: logout },
  'POST /admin/incidents': { ...admin, handle: openByHand },
  'POST /admin/incidents/{id}': { ...admin, handle: changeIncident },
  'POST /admin/maintenance': { ...admin, handle: maintain },
  'POST /admin/maintenance/{id}': { ...admin, handle: cancelPlan },
  'POST /admin/mute': { ...admin, handle: muteOne },
  'POST /admin/receivers/{id}': { ...admin, handle: changeReceiver },
  'POST /admin/targets': { ...admin, handle: lookAt },
  'POST /explain': { ...form, handle: explainForm },
  'POST /subscribe': { ...form, handle: subscribeForm },
  'POST /api/v1/subscriptions': {
    ...form,
    accepts: ['application/json'],
    handle: subscribeApi,
    about: {
      summary: 'Subscribe',
      tag: 'api',
      answers: { 'application/json': 'accepted' },
      status: 202,
      errors: [409],
    },
  },
  'GET /subscriptions/confirm/{token}': { ...page, handle: confirmPage },
  'POST /subscriptions/confirm/{token}': { ...form, handle: confirmAct },
  'GET /subscriptions/manage/{token}': { ...page, handle: managePage },
  'POST /subscriptions/manage/{token}': { ...form, handle: manageAct },
  'GET /subscriptions/unsubscribe/{token}': { ...page, handle: unsubscribePage },
  'POST /subscriptions/unsubscribe/{token}': { ...form, accepts: ['*/*'], handle: unsubscribeAct },
  'GET /acknowledge/{token}': { ...page, handle: acknowledgePage },
  'POST /acknowledge/{token}': { ...form, handle: acknowledgeAct },
} satisfies GuardTable;
