import type { Channel } from './channel.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { template } from './template.ts';
import { webhook } from './webhook.ts';

/** Every channel: its file, and its line here. */
export const channelTable = {
  slack,
  email,
  webhook,
  template,
  discord,
  teams,
  pagerduty,
  telegram,
  ntfy,
} satisfies Record<string, Channel>;

export type ChannelType = keyof typeof channelTable;

export function channelOf(type: string): Channel | null {
  return Object.hasOwn(channelTable, type) ? channelTable[type as ChannelType] : null;
}
