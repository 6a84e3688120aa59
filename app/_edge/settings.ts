import type { PageSettings } from '#app/_data/web.ts';
import { parseStep } from '#lib/config/fleet-parts.ts';
import type { Config } from '#lib/config/schema.ts';
import type { Chain } from '#lib/core/fleet.ts';

/** What pages may know of the configuration. */
export function settingsOf(config: Config, url: string | null): PageSettings {
  const { page, budget } = config;
  return {
    title: page.title,
    logo: page.logo,
    accent: page.accent,
    links: page.links,
    groups: page.groups,
    hide: page.hide,
    timeZone: page.time_zone,
    url,
    vantages: [
      { id: config.vantage, place: null },
      ...config.vantages
        .filter((v) => v.id !== config.vantage)
        .map((v) => ({ id: v.id, place: v.place ?? null })),
    ],
    gateways: Object.keys(config.gateways),
    budget: {
      usdPerDay: budget.usd_per_day,
      usdPerMonth: budget.usd_per_month,
      requestsPerDay: budget.requests_per_day,
    },
    channels: config.channels.map((c) => ({ type: c.type, name: c.name ?? null })),
    hasSmtp: config.smtp !== null,
  };
}

export function chainsOf(config: Config): Chain[] {
  return Object.entries(config.chains).map(([id, steps]) => ({
    id,
    steps: steps.map(parseStep).filter((step) => step !== null),
  }));
}
