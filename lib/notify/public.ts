import type { Sealer } from '../seal.ts';
import type { Receiver } from '../store.ts';
import type { Channel, Line } from './channel.ts';
import type { Problem } from './settings.ts';
import { isWebUrl } from './settings.ts';
import { channelOf } from './table.ts';

/** Where strangers may have messages sent: by mail, to a webhook of theirs, to a Slack channel of theirs. */
export const publicChannels = ['email', 'webhook', 'slack'] as const;
export type PublicChannel = (typeof publicChannels)[number];

export type PublicLine = { ok: true; channel: Channel; line: Line } | { ok: false; problems: Problem[] };

/** Stricter than for operators: https, the web's own port, Slack at Slack, nothing of the sender's choosing in headers. */
export function openPublicSettings(type: string, own: Record<string, unknown>): PublicLine {
  const channel = (publicChannels as readonly string[]).includes(type) ? channelOf(type) : null;
  if (!channel)
    return { ok: false, problems: [{ path: 'type', expected: `one of ${publicChannels.join(', ')}` }] };
  const problems = publicProblems(type, own);
  if (problems.length > 0) return { ok: false, problems };
  const opened = channel.open(own);
  return opened.ok ? { ok: true, channel, line: opened.line } : opened;
}

const allowedKeys: Record<PublicChannel, string[]> = {
  email: ['to'],
  webhook: ['url', 'secret', 'secrets', 'format'],
  slack: ['webhook_url'],
};

function publicProblems(type: string, own: Record<string, unknown>): Problem[] {
  const allowed = allowedKeys[type as PublicChannel];
  const odd = Object.keys(own).filter((key) => !allowed.includes(key));
  if (odd.length > 0) return odd.map((path) => ({ path, expected: `one of the keys ${allowed.join(', ')}` }));
  if (type === 'webhook' && !isPublicUrl(own.url))
    return [{ path: 'url', expected: 'a public https address on port 443' }];
  if (type === 'slack' && !isSlackHook(own.webhook_url))
    return [{ path: 'webhook_url', expected: 'an address of the form https://hooks.slack.com/services/…' }];
  return [];
}

/** Only what the text can tell; the connector checks every address it really connects to. */
export function isPublicUrl(url: unknown): url is string {
  if (typeof url !== 'string' || url.length > 2_000 || /[\u0000-\u0020\\]/.test(url)) return false;
  if (!isWebUrl(url, true)) return false;
  const { hostname, port } = new URL(url);
  return (
    port === '' && hostname.includes('.') && !/(^|\.)(localhost|internal|local|home\.arpa)\.?$/.test(hostname)
  );
}

function isSlackHook(url: unknown): boolean {
  return (
    typeof url === 'string' &&
    /^https:\/\/hooks\.slack(-gov)?\.com\/services\/[A-Za-z0-9/_-]{10,200}$/.test(url)
  );
}

/** Settings of a public receiver are one sealed text. */
export function sealSettings(sealer: Sealer, receiverId: string, own: Record<string, unknown>): string {
  return sealer.seal(JSON.stringify(own), receiverId);
}

export function openPublicLine(receiver: Receiver, sealer: Sealer): { channel: Channel; line: Line } | null {
  const sealed = receiver.settings.sealed;
  const plain = typeof sealed === 'string' ? sealer.open(sealed, receiver.id) : null;
  if (plain === null) return null;
  const opened = openPublicSettings(receiver.channel, JSON.parse(plain) as Record<string, unknown>);
  return opened.ok ? { channel: opened.channel, line: opened.line } : null;
}
