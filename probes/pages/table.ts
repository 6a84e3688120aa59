import { alibaba } from './alibaba.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { betterStack } from './better-stack.ts';
import { cachet2, cachet3 } from './cachet.ts';
import { checkly } from './checkly.ts';
import { datadog } from './datadog.ts';
import { deepinfra } from './deepinfra.ts';
import { feedAt, genericFeed } from './feed.ts';
import { flashcat } from './flashcat.ts';
import { gatus } from './gatus.ts';
import { googleCloud } from './google-cloud.ts';
import { incidentIo } from './incident-io.ts';
import { instatus } from './instatus.ts';
import type { Platform } from './page.ts';
import { statuspage } from './statuspage.ts';
import { uptimeKuma } from './uptime-kuma.ts';
import { xai } from './xai.ts';

/**
 * Every status-page software there is, in the order in which a page is tried. Those that need a known host or document come
 * first, because they decline at once elsewhere; incident.io stands before Statuspage, because it imitates it.
 */
export const platforms = {
  'google-cloud': googleCloud,
  'aws-health': aws,
  azure,
  xai,
  alibaba,
  flashcat,
  checkly,
  deepinfra,
  'incident.io': incidentIo,
  statuspage,
  betterstack: betterStack,
  instatus,
  datadog,
  'history.atom': feedAt('/history.atom'),
  feed: feedAt('/feed'),
  'feed.xml': feedAt('/feed.xml'),
  onlineornot: feedAt('/incidents.rss'),
  'uptime-kuma': uptimeKuma,
  gatus,
  cachet3,
  cachet2,
  rss: genericFeed,
} as const satisfies Record<string, Platform>;

export type PlatformId = keyof typeof platforms;
export const platformIds = Object.keys(platforms) as PlatformId[];

export function isPlatformId(id: string | null | undefined): id is PlatformId {
  return id !== null && id !== undefined && Object.hasOwn(platforms, id);
}
