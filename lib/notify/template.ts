import type { Message } from '../core/message.ts';
import { type Channel, fault, type NotifyIo, type Opened, type Sent } from './channel.ts';
import { fitting, plainText } from './plain-text.ts';
import { post } from './post.ts';
import { type Problem, readSettings } from './settings.ts';

/**
 * Any service that takes JSON: Google Chat, Mattermost, Feishu, DingTalk, Jira, incident.io, Grafana OnCall. The
 * template is JSON; `{{name}}` in its texts is replaced after it was parsed, so nothing that is said can break out of
 * its place.
 */
export const template: Channel = {
  patience: 'webhook',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 1_000,
  mostInFlight: 200,
  open,
};

/** Chat services wake everybody at such words; here they are only quoted. */
function calm(text: string): string {
  return text.replace(/<(?=[a-z/!@#])/gi, '‹').replace(/@(?=(?:all|channel|here|everyone)\b)/gi, '@ ');
}

/** As much as the smallest of these services takes in one text (Google Chat: 4,096 characters). */
const mostText = 4_000;

const placeholders: Record<string, (message: Message) => string | number> = {
  headline: (m) => calm(m.headline),
  sentence: (m) => calm(m.sentence ?? m.headline),
  subject: (m) => calm(m.subject),
  text: (m) => fitting(calm(plainText(m)), mostText),
  type: (m) => m.type,
  tone: (m) => m.tone,
  impact: (m) => m.impact ?? 'none',
  status: (m) => m.incident?.status ?? (m.tone === 'good' ? 'resolved' : 'open'),
  firing_or_resolved: (m) => (m.tone === 'good' ? 'resolved' : 'firing'),
  alerting_or_ok: (m) => (m.tone === 'good' ? 'ok' : 'alerting'),
  severity: (m) => ({ page: 'critical', ticket: 'warning', note: 'info' })[m.urgency],
  cause: (m) => calm(m.facts.find((fact) => fact.key === 'cause')?.text ?? ''),
  since: (m) => m.facts.find((fact) => fact.key === 'since')?.text ?? '',
  quote: (m) => calm(m.quote ?? ''),
  advice: (m) => calm(m.advice ?? ''),
  fix: (m) => m.fix ?? '',
  link: (m) => m.links.find((link) => link.key === 'incident')?.url ?? '',
  acknowledge_link: (m) => m.links.find((link) => link.key === 'acknowledge')?.url ?? '',
  id: (m) => m.id,
  matter: (m) => m.matter,
  incident_id: (m) => m.event.incidentId ?? '',
  time: (m) => new Date(m.atMs).toISOString(),
  unix_time: (m) => Math.floor(m.atMs / 1_000),
};

const fields = {
  url: { kind: 'url', isRequired: true },
  template: { kind: 'any' },
  headers: { kind: 'table' },
  method: { kind: 'choice', values: ['POST', 'PUT', 'PATCH'] },
  answer_contains: { kind: 'text' },
} as const;

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, fields);
  if (!read.ok) return read;
  const { values } = read;
  const parsed = parseTemplate(values.template);
  const unknown = parsed === undefined ? [] : unknownIn(parsed);
  const headers = (values.headers as Record<string, string> | undefined) ?? {};
  const problems: Problem[] = [
    ...(parsed === undefined ? [{ path: 'template', expected: 'JSON, or the same written as YAML' }] : []),
    ...unknown.map((name) => ({
      path: 'template',
      expected: `placeholders out of ${Object.keys(placeholders).join(', ')}, not ${name}`,
    })),
    ...Object.keys(headers)
      .filter(
        (name) =>
          !/^[A-Za-z0-9-]+$/.test(name) || /^(host|connection|content-length|transfer-encoding)$/i.test(name),
      )
      .map((name) => ({ path: `headers.${name}`, expected: 'the name of a header of your own' })),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const url = values.url as string;
  const { host } = new URL(url);
  const request = { url, headers, method: (values.method as 'POST' | 'PUT' | 'PATCH' | undefined) ?? 'POST' };
  const wanted = values.answer_contains as string | undefined;
  const line = { host, about: host, identity: url };
  return { ok: true, line: { ...line, send: (message, io) => send(request, parsed, wanted, message, io) } };
}

function parseTemplate(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const placeholder = /\{\{\s*([A-Za-z_]+)\s*\}\}/g;

function unknownIn(node: unknown): string[] {
  if (typeof node === 'string')
    return [...node.matchAll(placeholder)]
      .map((match) => match[1] as string)
      .filter((name) => !Object.hasOwn(placeholders, name));
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(unknownIn);
}

/** The template filled in. A text that is one placeholder keeps that value's kind: a number stays a number. */
export function fill(node: unknown, message: Message): unknown {
  if (typeof node === 'string') {
    const whole = /^\{\{\s*([A-Za-z_]+)\s*\}\}$/.exec(node)?.[1];
    if (whole !== undefined) return placeholders[whole]?.(message) ?? '';
    return node.replace(placeholder, (_all, name: string) => String(placeholders[name]?.(message) ?? ''));
  }
  if (Array.isArray(node)) return node.map((one) => fill(one, message));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, message)]));
}

async function send(
  request: { url: string; headers: Record<string, string>; method: 'POST' | 'PUT' | 'PATCH' },
  parsed: unknown,
  wanted: string | undefined,
  message: Message,
  io: NotifyIo,
): Promise<Sent> {
  const answer = await post(io, { ...request, body: JSON.stringify(fill(parsed, message)) });
  if (!answer.ok) return answer;
  if (wanted !== undefined && !answer.posted.body.replace(/\s/g, '').includes(wanted.replace(/\s/g, '')))
    return fault('unexpected_answer', 'answered without the words it should contain', { mostTries: 3 });
  return { ok: true, note: `answered ${answer.posted.status}` };
}
