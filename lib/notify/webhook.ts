import type { KeyObject } from 'node:crypto';
import type { Message } from '../core/message.ts';
import { webhookBody } from '../core/message-payload.ts';
import { type Channel, fault, type NotifyIo, type Opened, type Sent } from './channel.ts';
import { post } from './post.ts';
import { type Problem, readSettings } from './settings.ts';
import { ed25519Signature, hmacSignature, parseEd25519Key, parseHmacSecret } from './webhook-signature.ts';

/** Standard Webhooks: one signed JSON body per event. Two secrets sign together while they are rotated. */
export const webhook: Channel = {
  patience: 'webhook',
  isForMachines: true,
  skipsUntold: false,
  gapMs: 0,
  mostInFlight: 1_000,
  open,
};

interface Settings {
  url: string;
  secrets: Buffer[];
  key: KeyObject | null;
  isCloudEvents: boolean;
  headers: Record<string, string>;
}

/** So long a new receiver has to give the number back. */
const challengeMs = 10_000;

const fields = {
  url: { kind: 'url', isRequired: true },
  secret: { kind: 'text' },
  secrets: { kind: 'texts', most: 3 },
  ed25519_key: { kind: 'text' },
  format: { kind: 'choice', values: ['standard', 'cloudevents'] },
  headers: { kind: 'table' },
} as const;

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, fields);
  if (!read.ok) return read;
  const { values } = read;
  const problems: Problem[] = [];
  const spelled = [values.secret, ...((values.secrets as string[] | undefined) ?? [])].filter(
    (one) => typeof one === 'string',
  );
  const secrets = spelled.map(parseHmacSecret);
  if (secrets.includes(null))
    problems.push({ path: 'secret', expected: 'whsec_ followed by 24 to 64 bytes in base64' });
  const key = typeof values.ed25519_key === 'string' ? parseEd25519Key(values.ed25519_key) : null;
  if (values.ed25519_key !== undefined && key === null)
    problems.push({ path: 'ed25519_key', expected: 'whsk_ followed by a 32-byte seed in base64' });
  if (spelled.length === 0 && values.ed25519_key === undefined)
    problems.push({
      path: 'secret',
      expected: 'a secret (whsec_…) or an ed25519_key: unsigned news can be forged',
    });
  const headers = (values.headers as Record<string, string> | undefined) ?? {};
  for (const name of Object.keys(headers)) {
    if (!/^[A-Za-z0-9-]+$/.test(name) || /^(webhook-|content-|host$|connection$|transfer-)/i.test(name))
      problems.push({ path: `headers.${name}`, expected: 'the name of a header of your own' });
  }
  if (problems.length > 0) return { ok: false, problems };
  const settings: Settings = {
    url: values.url as string,
    secrets: secrets.filter((one) => one !== null),
    key,
    isCloudEvents: values.format === 'cloudevents',
    headers,
  };
  const { host } = new URL(settings.url);
  return {
    ok: true,
    line: { host, about: host, identity: settings.url, send: (message, io) => send(settings, message, io) },
  };
}

async function send(settings: Settings, message: Message, io: NotifyIo): Promise<Sent> {
  const body = JSON.stringify(bodyOf(settings, message));
  if (Buffer.byteLength(body) > 20_000)
    return fault('too_long', 'the message is longer than 20 kB', { permanent: true });
  const { challenge } = message.event.data;
  const answer = await post(io, {
    url: settings.url,
    ...(challenge === undefined ? {} : { totalMs: challengeMs }),
    headers: {
      ...settings.headers,
      'content-type': settings.isCloudEvents ? 'application/cloudevents+json' : 'application/json',
      ...signatureHeaders(settings, message.id, Math.floor(io.nowMs() / 1_000), body),
    },
    body,
  });
  if (!answer.ok) return answer;
  // Who asks for news must own the place they go to: the number comes back, or nothing ever follows.
  if (typeof challenge === 'string' && !answer.posted.body.includes(challenge))
    return fault('challenge_unanswered', 'did not give the challenge back', { mostTries: 3 });
  return { ok: true, note: `answered ${answer.posted.status}` };
}

/** The id stays the same on every attempt, the timestamp and with it the signature are new. */
export function signatureHeaders(
  settings: Pick<Settings, 'secrets' | 'key'>,
  id: string,
  timestampS: number,
  body: string,
): Record<string, string> {
  const signatures = settings.secrets.map((secret) => hmacSignature(secret, id, timestampS, body));
  if (settings.key) signatures.push(ed25519Signature(settings.key, id, timestampS, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': signatures.join(' '),
  };
}

function bodyOf(settings: Settings, message: Message): object {
  const state = message.state ?? { epoch: '', seq: 0, route: null, guard: null, baseUrl: null };
  const standard = webhookBody(message, state);
  if (!settings.isCloudEvents) return standard;
  return {
    specversion: '1.0',
    id: message.id,
    source: state.baseUrl ?? 'urn:signalbox',
    type: `signalbox.${standard.type}`,
    time: standard.timestamp,
    datacontenttype: 'application/json',
    data: standard.data,
  };
}
