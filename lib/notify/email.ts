import { parseMailAddress } from '../core/mail-address.ts';
import type { Message } from '../core/message.ts';
import { cutAt, plainLine } from '../core/message-text.ts';
import { type Channel, fault, type NotifyIo, type Opened, type Sent } from './channel.ts';
import { mailBody } from './email-body.ts';
import { readSettings } from './settings.ts';

/** Mail, one recipient each, one thread per incident. */
export const email: Channel = {
  patience: 'email',
  isForMachines: false,
  skipsUntold: false,
  gapMs: 0,
  mostInFlight: 40,
  open,
};

function open(raw: Record<string, unknown>): Opened {
  const read = readSettings(raw, { to: { kind: 'text', isRequired: true, expected: 'one mail address' } });
  if (!read.ok) return read;
  const to = parseMailAddress(read.values.to as string);
  if (to === null)
    return { ok: false, problems: [{ path: 'to', expected: 'one mail address, without a name' }] };
  const line = { host: 'smtp', about: aboutAddress(to), identity: to };
  return { ok: true, line: { ...line, send: (message, io) => send(to, message, io) } };
}

/** `a…@example.com`: enough to recognise it by. */
export function aboutAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}

async function send(to: string, message: Message, io: NotifyIo): Promise<Sent> {
  if (!io.mail) return fault('no_smtp', 'no mail server is configured', { mostTries: 3 });
  const kept = readThread(io.thread);
  const subject = kept ? cutAt(`Re: ${kept.subject}`, 150) : message.subject;
  const sent = await io.mail.send({
    to,
    subject: plainLine(subject),
    ...mailBody(message),
    id: message.id,
    threadId: kept?.id ?? null,
    headers: listHeaders(message),
    signal: io.signal,
  });
  if (!sent.ok || message.incident === null) return sent;
  return { ...sent, thread: kept ?? { id: message.id, subject: message.subject } };
}

/** Mail programs keep a thread while the subject stays; what is new stands in the first line. */
function readThread(thread: NotifyIo['thread']): { id: string; subject: string } | null {
  const { id, subject } = thread ?? {};
  return typeof id === 'string' && typeof subject === 'string' ? { id, subject } : null;
}

/** RFC 8058: one click in the mail program ends it, without opening anything. */
function listHeaders(message: Message): Record<string, string> {
  const link = message.links.find((one) => one.key === 'unsubscribe');
  if (!link) return {};
  return {
    'List-Unsubscribe': `<${link.url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    Precedence: 'list',
  };
}
