import type { Channel } from './channel.ts';
import { email } from './email.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Every channel: its file, and its line here. */
export const channelTable = {
  slack,
  email,
  webhook,
} satisfies Record<string, Channel>;

export type ChannelType = keyof typeof channelTable;

export function channelOf(type: string): Channel | null {
  return Object.hasOwn(channelTable, type) ? channelTable[type as ChannelType] : null;
}
