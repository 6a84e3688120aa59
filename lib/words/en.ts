import type { OutcomeClass } from '../core/outcome-words.ts';
import { type Overall, overallSentence } from '../core/sentence.ts';
import { classPhrases } from '../core/sentence-words.ts';

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
    sentence: (overall: Overall): string => overallSentence(overall),
    noKey: 'No key is configured: chat itself is not checked, only what is free to ask.',
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
  incident: {
    openHeading: (n: number): string => (n === 1 ? 'Open incident' : `${n} open incidents`),
    recentHeading: 'Last seven days',
    tellMe: 'Tell me when it is over',
    tellMeHere: 'You will be told in this tab.',
    since: 'since',
    unstable: 'unstable',
    affects: (n: number): string => `hits ${plural(n, 'route', 'routes')}`,
    details: 'Details',
    lasted: (text: string): string => `lasted ${text}`,
    over: 'over',
    none: 'No open incident.',
  },
  gateway: {
    chat: 'Chat',
    catalog: 'Catalogue',
    official: (name: string): string => `${name} says`,
    noClaim: 'Its status page has not been read.',
    disputed: 'Its status page does not mention what we see.',
    lead: (minutes: number): string =>
      minutes === 0
        ? 'Its page said so in the same minute as we did.'
        : minutes > 0
          ? `Its page said so ${minutes} min before us.`
          : `Its page said so ${-minutes} min after us.`,
    readAt: 'read',
    reported: (name: string): string => `${name}’s own figures`,
    reportedMedian: (share: string): string => `${share} % over a day`,
    reportedBelow: (below: number, n: number): string =>
      below === 0
        ? `all ${n} endpoints healthy in the last half hour`
        : `${below} of ${n} endpoints below 95 % in the last half hour`,
    reportedNone: 'No figures yet.',
    own: 'Our figure',
    ownDay: (share: string): string => `${share} % over a day`,
    ownTooLittle: 'too little measured to say',
    measured: (percent: string): string => `measured ${percent} % of the time`,
    noKey: 'Not checked: no key is configured.',
  },
  matrix: {
    heading: 'Providers and models',
    provider: 'Provider',
    any: 'As OpenRouter chooses',
    reported: 'Reported by OpenRouter, not checked by us',
    reportedHint: 'No key is configured, so these are OpenRouter’s own uptime figures of the last half hour.',
    none: 'No route is watched yet.',
    limited: 'rate limited',
    unwatched: 'not watched',
    firstWord: (ms: string): string => `first word after ${ms}`,
  },
  rows: {
    heading: 'Ninety days, and the last checks',
    component: 'What',
    state: 'State',
    days: '90 days',
    last: 'Last checks',
    daysAgo: '90 days ago',
    today: 'today',
    tooLittle: 'too little measured',
    share: (share: string): string => `${share} %`,
    catalogOf: (name: string): string => `${name}: catalogue`,
    chatOf: (name: string): string => `${name}: chat`,
    because: (name: string): string => `because of ${name}`,
    barsLabel: (measured: number, troubled: number): string =>
      measured === 0
        ? 'nothing measured in 90 days'
        : `${plural(measured, 'day', 'days')} measured, ${troubled === 0 ? 'none with trouble' : `${troubled} with trouble`}`,
    method: 'How failures are counted',
    none: 'Nothing is watched yet.',
    legend:
      'Bars in the last checks: the taller, the longer until the first word; a cross is a failure, a dot a check that says nothing.',
  },
  chains: {
    heading: 'Chains',
    inUse: 'in use',
    usable: (usable: number, of: number): string => `${usable} of ${of} steps usable`,
    independent: (n: number): string =>
      n === 1 ? '1 shares nothing with another' : `${n} share nothing with each other`,
    anyProvider: 'any provider',
  },
  cost: {
    heading: 'What the watching costs',
    today: (usd: string, limit: string): string => `${usd} today, of at most ${limit}`,
    month: (usd: string, limit: string): string => `${usd} this month, of at most ${limit}`,
    checks: (n: string): string => `${n} paid checks today`,
    nothing: 'Nothing: without a key only free checks run.',
    reached: 'The limit is reached: paid checks rest, free ones go on.',
  },
  check: {
    ok: 'worked',
    failed: 'failed',
    limited: 'rate limited',
    neutral: 'says nothing',
    summary: (good: number, bad: number, limited: number): string =>
      `last ${plural(good + bad + limited, 'check', 'checks')}: ${good} worked, ${bad} failed${limited > 0 ? `, ${limited} rate limited` : ''}`,
  },
  kind: {
    gateway: 'Gateway',
    provider: 'Provider',
    model: 'Model',
    route: 'Route',
    chain: 'Chain',
    catalog: 'Catalogue',
    official: 'Status page',
    account: 'Account',
    prober: 'Our own connection',
    http: 'Address',
  },
  detail: {
    because: 'Because of',
    usable: (now: number, of: number): string =>
      of === 0
        ? 'no provider of it is watched'
        : of === 1
          ? now === 1
            ? 'Only one provider of it is watched, and it is usable'
            : 'Only one provider of it is watched, and it is not usable now'
          : `${of} providers, ${now} usable now${now === 1 ? ': the last one' : ''}`,
    availability: 'Availability',
    span: (days: number): string => (days === 1 ? '24 hours' : `${days} days`),
    measured: (percent: string): string => `measured ${percent} % of the time`,
    tooLittle: 'too little measured to say',
    counting: 'How failures are counted',
    countingNames: {
      openrouter: 'as OpenRouter does',
      strict: 'strictly: rate limits count',
      lenient: 'leniently: only total failures count',
    },
    routes: 'Routes',
    selected: 'shown below',
    show: 'Show below',
    speed: 'Speed and errors',
    of: (name: string): string => `of ${name}`,
    range: 'How far back',
    ranges: {
      '1h': '1 hour',
      '6h': '6 hours',
      '24h': '24 hours',
      '7d': '7 days',
      '30d': '30 days',
      '90d': '90 days',
      '1y': '1 year',
      '2y': '2 years',
    },
    noCharts: 'Nothing has been measured here yet.',
    lastChecks: 'Last checks',
    noChecks: 'No check yet.',
    circuit: 'In and out of rotation',
    noCircuit: 'It has not been taken out of rotation.',
    action: {
      use: 'in rotation',
      prefer_not: 'in rotation, others preferred',
      probe: 'being tried again',
      avoid: 'taken out of rotation',
      last_resort: 'kept although it fails: nothing else is left',
    },
    catalogEvents: 'Changes in the catalogue',
    noCatalogEvents: 'No change seen.',
    price: 'Price and what OpenRouter reports',
    priceNote: 'USD per million tokens. Uptime is OpenRouter’s own figure, not checked by us.',
    priceIn: 'Input',
    priceOut: 'Output',
    context: 'Context',
    precision: 'Precision',
    uptime: 'Uptime, 1 day',
    incidents: 'Incidents',
    noIncidents: 'None seen so far.',
    variable: 'varies',
  },
  chart: {
    first_token: 'Time to first token',
    total: 'Total time',
    worst_gap: 'Longest pause',
    tokens_per_second: 'Tokens per second',
    errors: 'Failed and limited checks, by kind',
    limitedShare: 'Share of checks that were rate limited',
    p50: 'median',
    p95: '95 %',
    p99: '99 %',
    n: 'checks',
    time: 'Time',
    table: 'The same as a table',
    noData: 'No data in this span.',
    hint: 'Arrow keys move along the chart; drag the handles below it to zoom.',
    limited: 'rate limited',
    reset: 'Show all',
  },
  checkRow: {
    time: 'When',
    result: 'Result',
    phases: 'Phases',
    total: 'Total',
    servedBy: (name: string): string => `answered by ${name}`,
    from: (place: string): string => `checked from ${place}`,
    class: (name: OutcomeClass): string =>
      name === 'ok'
        ? 'worked'
        : name === 'ok_slow'
          ? 'worked, slowly'
          : name === 'wrong_answer'
            ? 'wrong answer'
            : (classPhrases[name] ?? 'says nothing'),
    phase: {
      dns: 'name',
      connect: 'connection',
      tls: 'encryption',
      wait: 'first byte',
      first_word: 'first token',
      rest: 'rest of the answer',
    },
  },
  watch: {
    heading: 'The same for machines and messages',
    about: (names: string): string => `Only ${names}`,
    all: 'Show everything',
    missing: (names: string): string => `Not watched here: ${names}`,
    feed: 'Health feed',
    atom: 'Atom feed',
    badge: 'Badge',
    embed: 'Embed',
    subscribe: 'Subscribe',
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
