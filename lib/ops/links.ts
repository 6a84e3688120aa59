import type { Link } from '../core/message.ts';
import type { Sealer } from '../seal.ts';

/** Addresses that carry their own authority. Opening one shows a page; only its button acts. */
export const linkPaths = {
  acknowledge: '/acknowledge',
  confirm: '/subscriptions/confirm',
  manage: '/subscriptions/manage',
  unsubscribe: '/subscriptions/unsubscribe',
} as const;

const acknowledgeForMs = 7 * 86_400_000;

function at(baseUrl: string, path: string, token: string): string {
  return `${baseUrl.replace(/\/+$/, '')}${path}/${token}`;
}

export function acknowledgeLink(
  sealer: Sealer,
  baseUrl: string,
  about: { incidentId: string; receiverId: string },
  nowMs: number,
): Link {
  const token = sealer.signToken(
    'acknowledge',
    `${about.incidentId}\n${about.receiverId}`,
    nowMs + acknowledgeForMs,
  );
  return { key: 'acknowledge', text: 'Acknowledge', url: at(baseUrl, linkPaths.acknowledge, token) };
}

export function readAcknowledgeToken(
  sealer: Sealer,
  token: string,
  nowMs: number,
): { incidentId: string; receiverId: string } | null {
  const [incidentId, receiverId] = sealer.checkToken('acknowledge', token, nowMs)?.split('\n') ?? [];
  return incidentId && receiverId ? { incidentId, receiverId } : null;
}

/** Never expires: whoever has a message of ours can always stop the next one. */
export function unsubscribeLink(sealer: Sealer, baseUrl: string, receiverId: string): Link {
  const token = sealer.signToken('unsubscribe', receiverId, null);
  return { key: 'unsubscribe', text: 'Unsubscribe', url: at(baseUrl, linkPaths.unsubscribe, token) };
}

export function manageLink(sealer: Sealer, baseUrl: string, receiverId: string): Link {
  const token = sealer.signToken('manage', receiverId, null);
  return { key: 'manage', text: 'Change what you get', url: at(baseUrl, linkPaths.manage, token) };
}

export function confirmLink(baseUrl: string, token: string): Link {
  return { key: 'confirm', text: 'Yes, tell me', url: at(baseUrl, linkPaths.confirm, token) };
}
