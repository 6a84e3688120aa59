/** Every word a person reads on a page, in English. Sentences about incidents come from lib/core/sentence.ts. */

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export const en = {
  lang: 'en',
  languageName: 'English',
  otherLanguage: { lang: 'zh', name: '中文' },
  skip: 'Skip to the answer',
  independent: (places: string[]): string =>
    `Independent. Not affiliated with OpenRouter or any provider. Checked from ${placeList(places)}.`,
  nav: {
    overview: 'Overview',
    incidents: 'Incidents',
    explain: 'Explain an error',
    compare: 'Compare',
    catalog: 'Catalogue',
    sla: 'Reliability',
    reports: 'Reports',
    methodology: 'How we measure',
    subscribe: 'Subscribe',
    api: 'API',
    admin: 'Admin',
    menu: 'Menu',
    main: 'Main',
    more: 'More',
  },
  controls: {
    theme: 'Light or dark',
    utc: 'UTC',
    local: 'Local time',
    clock: 'Switch between UTC and local time',
    search: 'Search models and providers',
    searchKey: '/',
    noMatch: 'Nothing is called that here.',
  },
  state: {
    operational: 'Operational',
    degraded: 'Degraded',
    partial_outage: 'Partial outage',
    major_outage: 'Outage',
    maintenance: 'Maintenance',
    unknown: 'Unknown',
  },
  /** One word for small cells. */
  stateShort: {
    operational: 'up',
    degraded: 'degraded',
    partial_outage: 'partial',
    major_outage: 'down',
    maintenance: 'maint.',
    unknown: 'unknown',
  },
  sure: {
    none: 'not sure at all',
    low: 'not very sure',
    medium: 'fairly sure',
    high: 'sure',
  },
  answer: {
    heading: 'Right now',
    since: 'since',
    checks: (n: number): string => plural(n, 'check', 'checks'),
    lastCheck: 'last check',
    neverChecked: 'nothing has been checked yet',
    asOf: 'as of',
    stopped: 'Our checker has stopped reporting, so nothing here can be trusted as current.',
    never: 'Nothing has been checked yet. The first results arrive within a minute of the start.',
    stale: 'This page is out of date: it could not be renewed.',
  },
  unknownWhy: {
    stopped: 'Unknown: our checker has stopped reporting.',
    never: 'Unknown: not checked yet.',
    noKey: 'Not checked by us: no key is configured.',
    noRecent: 'No recent check.',
  },
  gateway: {
    heading: 'Gateway',
    chat: 'Chat',
    chatHint: 'Completions through all routes',
    catalog: 'Catalogue',
    catalogHint: 'The list of models answers',
    official: (name: string): string => `${name} says`,
    officialHint: 'Its own status page',
    noClaim: 'Its status page could not be read.',
    reported: (name: string): string => `${name}’s own figures`,
  },
  routes: {
    heading: 'Providers and models',
    count: (n: number): string => plural(n, 'route', 'routes'),
    lastChecks: 'Last checks',
    anyProvider: 'any provider',
    none: 'No route is watched yet.',
  },
  check: {
    ok: 'worked',
    failed: 'failed',
    limited: 'rate limited',
    neutral: 'says nothing',
    summary: (good: number, bad: number, limited: number): string =>
      `last ${plural(good + bad + limited, 'check', 'checks')}: ${good} worked, ${bad} failed${limited > 0 ? `, ${limited} rate limited` : ''}`,
  },
  notFound: {
    title: 'Not found',
    text: 'There is no such page here. The address may be misspelt, or what it showed is no longer watched.',
    home: 'Back to the overview',
  },
  units: {
    ms: 'ms',
    s: 's',
    perDay: 'per day',
  },
};

function placeList(places: string[]): string {
  if (places.length === 0) return 'no place yet';
  if (places.length === 1) return `one place (${places[0]})`;
  return `${places.length} places (${places.join(', ')})`;
}

export type Words = typeof en;
