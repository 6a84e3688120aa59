import { acknowledgeByLink, peekAcknowledge } from '#lib/ops/acknowledge-incident.ts';
import { confirmSubscription, peekConfirmation } from '#lib/ops/confirm-subscription.ts';
import { changeSubscription, readSubscription } from '#lib/ops/manage-subscription.ts';
import type { OpsIo, Refusal } from '#lib/ops/ops-io.ts';
import type { SubscriptionView } from '#lib/ops/subscription-view.ts';
import { peekUnsubscribe, unsubscribe } from '#lib/ops/unsubscribe.ts';
import { checkOrigin } from '../access.ts';
import type { Exchange, Handler } from '../guard.ts';
import { parseForm } from '../parse-body.ts';
import { Problem, type Reply } from '../reply.ts';
import { type SmallForm, smallPage } from '../small-page.ts';
import { baseUrl } from './subscribe.ts';

/** Pages behind links from messages. Opening one changes nothing, because mail scanners open links; its button does. */

function io({ edge, nowMs }: Exchange): OpsIo {
  if (!edge.sealer) throw new Problem('not-found', 'there is nothing at this address');
  return { store: edge.store, sealer: edge.sealer, nowMs };
}

const tokenOf = (x: Exchange) => x.parts.token ?? '';

function refused(x: Exchange, refusal: Refusal): Reply {
  return smallPage(x.edge, { title: 'This link does not work', lines: [refusal.text] }, 404);
}

function described(view: SubscriptionView): string[] {
  return [
    `Messages to: ${view.about}`,
    `About: ${view.scope.length > 0 ? view.scope.join(', ') : 'everything'}`,
    `What: ${view.kinds.join(', ')}${view.minImpact ? `, from ${view.minImpact.replace('_', ' ')} up` : ''}${view.digest ? `, ${view.digest}` : ''}`,
  ];
}

export const confirmPage: Handler = (x) => {
  const found = peekConfirmation(io(x), tokenOf(x));
  if (!found.ok) return refused(x, found);
  return smallPage(x.edge, {
    title: 'Confirm your subscription',
    lines: described(found.subscription),
    button: { text: 'Yes, tell me' },
  });
};

export const confirmAct: Handler = (x) => {
  checkOrigin(x.req, x.edge);
  const done = confirmSubscription({ ...io(x), baseUrl: baseUrl(x) }, tokenOf(x));
  if (!done.ok) return refused(x, done);
  return smallPage(x.edge, {
    title: 'You are subscribed',
    lines: described(done.subscription),
    links: [{ text: 'Change or end this subscription', href: done.manageUrl }],
  });
};

const kindWords = {
  incident: 'Incidents',
  maintenance: 'Planned work',
  catalog: 'Catalogue: models withdrawn, expiring, repriced',
  circuit: 'Each route taken out of rotation and back',
};
const impactChoices = [
  { value: '', text: 'Everything' },
  { value: 'degraded', text: 'Degraded or worse' },
  { value: 'partial_outage', text: 'Partial outage or worse' },
  { value: 'major_outage', text: 'Major outage only' },
];
const digestChoices = [
  { value: '', text: 'At once' },
  { value: 'daily', text: 'Once a day' },
  { value: 'weekly', text: 'Once a week' },
];

/** What may be changed without an account: about what, how bad, how often. Where it goes stays, because that was proven. */
function wishForm(view: SubscriptionView): SmallForm {
  return {
    button: 'Save',
    fields: [
      {
        ...{ kind: 'lines', name: 'scope', label: 'About what', value: view.scope.join('\n') },
        hint: 'One a line, such as gateway:openrouter, provider:groq or model:openai/gpt-5-mini. Empty: everything.',
      },
      {
        ...{ kind: 'many', name: 'kinds', label: 'What', values: view.kinds },
        choices: Object.entries(kindWords).map(([value, text]) => ({ value, text })),
      },
      {
        ...{ kind: 'one', name: 'min_impact', label: 'How bad', value: view.minImpact ?? '' },
        choices: impactChoices,
      },
      { kind: 'one', name: 'digest', label: 'How often', value: view.digest ?? '', choices: digestChoices },
    ],
  };
}

/** The form's lines as the operation's list; the API sends a list already. */
function wishFrom(form: Record<string, string | string[]>): Record<string, unknown> {
  const lines = [form.scope ?? []].flat().flatMap((text) => text.split(/[\s,]+/));
  return { ...form, scope: lines.filter(Boolean) };
}

export const managePage: Handler = (x) => {
  const found = readSubscription(io(x), tokenOf(x));
  if (!found.ok) return refused(x, found);
  const lines = found.log
    .slice(0, 10)
    .map((l) => `${new Date(l.atMs).toISOString().slice(0, 16)}Z ${l.what.replace('_', ' ')}: ${l.text}`);
  return smallPage(x.edge, {
    title: 'Your subscription',
    lines: [...described(found.subscription), ...(lines.length > 0 ? ['Sent lately:'] : [])],
    code: lines.length > 0 ? [lines.join('\n')] : [],
    form: found.subscription.untilIncidentId === null ? wishForm(found.subscription) : undefined,
    button: { text: 'End this subscription', fields: { do: 'end' } },
  });
};

export const manageAct: Handler = (x) => {
  checkOrigin(x.req, x.edge);
  const token = tokenOf(x);
  const { do: what, ...wish } = parseForm(x.body);
  const found = readSubscription(io(x), token);
  if (!found.ok) return refused(x, found);
  if (what === 'end') {
    x.edge.store.people.dropTokens('confirm', found.subscription.id);
    x.edge.store.people.changeReceiver(found.subscription.id, 'delete');
    return smallPage(x.edge, { title: 'This subscription has ended', lines: ['Nothing more is sent.'] });
  }
  const changed = changeSubscription(io(x), token, wishFrom(wish));
  if (!changed.ok) {
    const wanted =
      'problems' in changed ? changed.problems.map((one) => `${one.path}: expected ${one.expected}.`) : [];
    return smallPage(x.edge, { title: 'Nothing was changed', lines: [changed.text, ...wanted] }, 422);
  }
  return smallPage(x.edge, { title: 'Changed', lines: described(changed.subscription) });
};

export const unsubscribePage: Handler = (x) => {
  const found = peekUnsubscribe(io(x), tokenOf(x));
  if (!found.ok) return refused(x, found);
  return smallPage(x.edge, {
    title: 'Unsubscribe',
    lines: [found.about ? `No more messages to ${found.about}?` : 'No more messages?'],
    button: { text: 'Unsubscribe' },
  });
};

/** The button, or a mail program's one click: whatever it sends along is read and dropped; the token is the authority. */
export const unsubscribeAct: Handler = (x) => {
  const done = unsubscribe(io(x), tokenOf(x));
  if (!done.ok) return refused(x, done);
  return smallPage(x.edge, { title: 'You are unsubscribed', lines: ['Nothing more is sent.'] });
};

export const acknowledgePage: Handler = (x) => {
  const found = peekAcknowledge(io(x), tokenOf(x));
  if (!found.ok) return refused(x, found);
  return smallPage(x.edge, {
    title: 'Acknowledge this incident',
    lines: [found.title, 'Reminders and escalations end; everybody sees that somebody is looking at it.'],
    button: { text: 'I am looking at it' },
  });
};

export const acknowledgeAct: Handler = (x) => {
  checkOrigin(x.req, x.edge);
  const done = acknowledgeByLink(io(x), tokenOf(x));
  if (!done.ok) return refused(x, done);
  return smallPage(x.edge, {
    title: 'Thank you',
    lines: [done.incident.title, 'Reminders have ended.'],
    links: [{ text: 'To the incident', href: `/incidents/${encodeURIComponent(done.incident.id)}` }],
  });
};
