import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Refusal } from '#lib/ops/ops-io.ts';
import { type Subscribed, subscribe } from '#lib/ops/subscribe.ts';
import { readJson } from '../body.ts';
import { fieldOf, goTo, ownForm } from '../form.ts';
import type { Exchange, Handler } from '../guard.ts';
import { json, Problem } from '../reply.ts';
import { smallPage } from '../small-page.ts';

function ask(x: Exchange, raw: Record<string, unknown>, trap: unknown): Subscribed {
  const { store, sealer, subscribeLimits, config } = x.edge;
  if (!sealer) return { ok: false, code: 'not_set_up', text: 'Subscriptions are not set up here.' };
  const io = {
    ...{ store, sealer, nowMs: x.nowMs, limits: subscribeLimits, baseUrl: baseUrl(x) },
    hasMail: config.smtp !== null,
  };
  const done = subscribe(io, { raw, address: x.address, trap });
  if (subscribeLimits.isAlarming()) alarm(x);
  return done;
}

/** Somebody has hundreds of addresses written to: the owner is to know, once an hour. */
function alarm({ edge, nowMs }: Exchange): void {
  const { store } = edge;
  const sentence =
    'More than 200 subscriptions were asked for within an hour; further ones are turned away until it calms down.';
  edge.log.warn({}, sentence);
  const event: CoreEvent = {
    id: `alarm:subscriptions:${Math.floor(nowMs / 3_600_000)}`,
    type: 'delivery.failed',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence,
    reason: 'somebody may be using the form to write to strangers',
    startedAtMs: null,
    expiresAtMs: null,
    data: {},
  };
  const receivers = store.people.receivers('operator');
  store.events.add([event], addressEvents([event], receivers, { nowMs, incident: () => null }));
}

/** Links in messages point at the configured address, else at the one that was asked. */
export function baseUrl({ edge, req }: Exchange): string {
  return edge.url ?? `http://${req.headers.host ?? 'localhost'}`;
}

const addressField: Record<string, string> = { email: 'to', webhook: 'url', slack: 'webhook_url' };

/** The form's fields in the words of the operation. */
function fromForm(form: Record<string, string | string[]>): Record<string, unknown> {
  const channel = fieldOf(form, 'channel') ?? 'email';
  const digest = fieldOf(form, 'digest');
  return {
    channel,
    [addressField[channel] ?? 'to']: fieldOf(form, 'address', 2_000) ?? '',
    scope: form.scope ?? [],
    min_impact: fieldOf(form, 'min_impact') ?? '',
    kinds: form.kinds ?? [],
    digest: digest === 'at_once' ? '' : (digest ?? ''),
    until_incident: fieldOf(form, 'incident') ?? '',
  };
}

/** `POST /subscribe`: the form of the page. */
export const subscribeForm: Handler = (x) => {
  const form = ownForm(x);
  const done = ask(x, fromForm(form), form.website);
  if (!done.ok) return goTo(`/subscribe?error=${encodeURIComponent(done.code)}`);
  if (!done.webhook) return goTo('/subscribe?sent=1');
  const { secret, manageUrl } = done.webhook;
  return smallPage(x.edge, {
    title: 'Nearly there',
    lines: [done.text, 'Messages are signed with this secret. It is shown only now:'],
    code: [secret],
    links: [{ text: 'Change or end this subscription', href: manageUrl }],
  });
};

/** `POST /api/v1/subscriptions`: the same for programs. */
export const subscribeApi: Handler = (x) => {
  const raw = readJson(x.body);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new Problem('invalid-body', 'an object');
  const { website, ...rest } = raw as Record<string, unknown>;
  const done = ask(x, rest, website);
  if (done.ok)
    return json(
      { accepted: 1, text: done.text, ...(done.webhook ? { webhook: webhookBody(done.webhook) } : {}) },
      {},
      202,
    );
  if ('problems' in done)
    throw new Problem('invalid-body', done.text, {
      errors: done.problems.map((p) => ({ field: p.path, detail: `expected ${p.expected}` })),
    });
  throw subscribeProblem(done);
};

function webhookBody(webhook: { id: string; secret: string; manageUrl: string }) {
  return { id: webhook.id, secret: webhook.secret, manage_url: webhook.manageUrl };
}

function subscribeProblem(refusal: Refusal & { retryAfterMs?: number }): Problem {
  if (refusal.code !== 'rate_limited') return new Problem('conflict', refusal.text);
  const seconds = Math.ceil((refusal.retryAfterMs ?? 60_000) / 1000);
  return new Problem('rate-limited', refusal.text, { headers: { 'retry-after': String(seconds) } });
}
