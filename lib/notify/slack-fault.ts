import { fault, type Sent } from './channel.ts';

const permanentWords = new Set([
  'invalid_payload',
  'invalid_blocks',
  'no_text',
  'too_many_attachments',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'team_disabled',
  'channel_not_found',
  'channel_is_archived',
  'is_archived',
  'not_in_channel',
  'user_not_found',
  'action_prohibited',
  'posting_to_general_channel_denied',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'msg_too_long',
  'restricted_action',
]);

/** Slack says its refusals in words, under 200 as well. A word nobody documented is tried three times. */
export function slackFault(word: string, retryAfterMs: number | null = null): Sent {
  const known = /^[a-z_]{1,60}$/.test(word) ? word : 'odd_answer';
  if (known === 'ratelimited' || known === 'rate_limited')
    return fault('http_429', 'Slack limits the rate', { retryAfterMs });
  return fault(`slack_${known}`, `Slack answered ${known}`, {
    permanent: permanentWords.has(known),
    mostTries: 3,
  });
}
