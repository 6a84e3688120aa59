import type { Message } from '../core/message.ts';
import { cutAt } from '../core/message-text.ts';
import type { Urgency } from '../core/routing-match.ts';
import type { Channel, NotifyIo, Opened, Sent } from './channel.ts';
import { post } from './post.ts';
import { readSettings } from './settings.ts';

/** PagerDuty Events v2: trigger, acknowledge and resolve find each other by the matter they are about. */
export const pagerduty: Channel = {
  patience: 'webhook',
  isForMachines: true,
  skipsUntold: true,
  gapMs: 500,
  mostInFlight: 20,
  open,
};

/** Its two upper words wake somebody, its two lower ones do not. */
const severities: Record<Urgency, string> = { page: 'critical', ticket: 'warning', note: 'info' };

interface Settings {
  routingKey: string;
  url: string;
}

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, {
    routing_key: {
      kind: 'text',
      isRequired: true,
      pattern: /^[A-Za-z0-9]{32}$/,
      expected: 'an integration key of 32 characters',
    },
    api_url: { kind: 'url' },
  });
  if (!read.ok) return read;
  const api = (read.values.api_url as string | undefined) ?? 'https://events.pagerduty.com';
  const settings: Settings = {
    routingKey: read.values.routing_key as string,
    url: `${api.replace(/\/+$/, '')}/v2/enqueue`,
  };
  const { host } = new URL(settings.url);
  const line = { host, about: 'PagerDuty', identity: settings.routingKey };
  return { ok: true, line: { ...line, send: (message, io) => send(settings, message, io) } };
}

async function send(settings: Settings, message: Message, io: NotifyIo): Promise<Sent> {
  const answer = await post(io, {
    url: settings.url,
    body: JSON.stringify(pagerDutyBody(settings.routingKey, message)),
  });
  return answer.ok ? { ok: true, note: `PagerDuty answered ${answer.posted.status}` } : answer;
}

export function pagerDutyAction(message: Message): 'trigger' | 'acknowledge' | 'resolve' {
  if (message.tone === 'good') return 'resolve';
  return message.event.data.what === 'acknowledged' ? 'acknowledge' : 'trigger';
}

/** Limits: summary 1,024 characters, dedup key 255, the whole 512 kB. */
export function pagerDutyBody(routingKey: string, message: Message): Record<string, unknown> {
  const action = pagerDutyAction(message);
  const head = {
    routing_key: routingKey,
    event_action: action,
    dedup_key: cutAt(`signalbox:${message.matter}`, 255),
  };
  if (action !== 'trigger') return head;
  const scope = message.incident?.scope ?? message.event.scope;
  return {
    ...head,
    client: 'Signalbox',
    links: message.links.map((link) => ({ href: link.url, text: link.text })),
    payload: {
      summary: cutAt(message.sentence ?? message.headline, 1_024),
      source: scope ? `${scope.kind}:${scope.id}` : 'signalbox',
      severity: severities[message.urgency],
      timestamp: new Date(message.atMs).toISOString(),
      component: scope?.id ?? null,
      group: scope?.kind ?? null,
      class: message.impact ?? message.type,
      custom_details: {
        ...Object.fromEntries(message.facts.map((fact) => [fact.label, fact.text])),
        ...(message.quote ? { Quote: message.quote } : {}),
        ...(message.advice ? { 'What to do': message.advice } : {}),
        ...(message.fix ? { 'To paste': message.fix } : {}),
      },
    },
  };
}
