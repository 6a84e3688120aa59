import type { OutcomeClass } from '../core/outcome-words.ts';
import type { Incident } from '../core/plan.ts';
import { incidentSentence, type Overall, overallSentence } from '../core/sentence.ts';
import { classPhrases } from '../core/sentence-words.ts';
import { type Verdict, verdictWords } from '../core/words.ts';
import type { RuleWords } from './zh-rules.ts';
import type { Named } from './zh-sentence.ts';

/** 2 173, with a thin space, as everywhere on the pages. */
const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** Every word a person reads on a page, in English. Sentences about incidents come from lib/core/sentence.ts. */

const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;

export const en = {
  lang: 'en',
  otherLanguage: { lang: 'zh', name: '中文' },
  skip: 'Skip to the answer',
  comma: ', ',
  /** The core speaks English; another language says again what it said. */
  said: (text: string): string => text,
  span: (text: string): string => text,
  rule: (_id: string, text: RuleWords): RuleWords => text,
  documented: (text: string): string => text,
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
    main: 'Main',
    more: 'More',
  },
  controls: {
    theme: 'Light or dark',
    utc: 'UTC',
    local: 'Local',
    clock: 'Switch between UTC and local time',
    search: 'Search models and providers',
    searchHint: 'Search  /',
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
    sentence: (overall: Overall): string => overallSentence(overall),
    noKey: 'No key is configured, so chat is not checked, only what is free to ask.',
    noKeyAnswers: 'OpenRouter answers. Whether chat works is not checked, because no key is configured.',
    since: 'since',
    checks: (n: number): string => plural(n, 'check', 'checks'),
    lastCheck: 'last check',
    stopped: 'Our checker has stopped reporting, so nothing here can be trusted as current.',
    never: 'Nothing has been checked yet. The first results arrive within a minute of the start.',
    stale: 'This page is out of date: it could not be renewed.',
  },
  incident: {
    openHeading: (n: number): string => (n === 1 ? 'Open incident' : `${n} open incidents`),
    recentHeading: 'Last seven days',
    tellMe: 'Tell me when it is over',
    isOver: 'It is over',
    tellMeHere: 'You will be told in this tab.',
    since: 'since',
    began: 'Since',
    unstable: 'unstable',
    affects: (n: number): string => `hits ${plural(n, 'route', 'routes')}`,
    details: 'Details',
    lasted: (text: string): string => `lasted ${text}`,
    over: 'over',
    none: 'No open incident.',
    sentence: (incident: Incident, nowMs: number): string => incidentSentence(incident, nowMs),
    /** A title is made by the core in English; another language makes its own from the same facts. */
    name: (incident: Named): string => incident.title,
    title: 'Incidents',
    past: 'Past incidents',
    pastEmpty: 'No incident has been seen yet.',
    monthEmpty: 'No incident began in this month.',
    earlier: 'Earlier incidents',
    allMonths: 'All months',
    calendar: 'By month',
    inMonth: (n: number): string => (n === 0 ? 'none' : plural(n, 'incident', 'incidents')),
    onDay: (day: number, n: number, worst: string): string =>
      `${day}: ${plural(n, 'incident', 'incidents')}, worst: ${worst}`,
    weekdays: ['M', 'T', 'W', 'T', 'F', 'S', 'S'],
    documented: 'Documented outages of OpenRouter',
    documentedNote:
      'From public sources, not measured by us. They are in every installation, so that what a monitor says can be held against them.',
    about: (minutes: number): string => `about ${minutes} min`,
    exactly: (minutes: number): string => `${minutes} min`,
    sources: 'Sources',
    official: 'official',
    secondary: 'reported by others',
    confirmed: 'confirmed by OpenRouter',
    inferred: 'our reading',
    from: 'from',
    to: 'to',
    duration: 'Lasted so far',
    lastedFor: 'Lasted',
    noticed: 'Announced after',
    impactWord: 'How bad',
    sureWord: 'How sure',
    cause: 'Cause',
    evidence: 'What we saw',
    failedOf: (failed: number, total: number, span: string): string =>
      `${failed} of ${total} checks failed in ${span}`,
    overProviders: (n: number): string => `over ${plural(n, 'provider', 'providers')}`,
    quote: 'One of the errors',
    generation: 'Generation, to quote to its support',
    edge: 'Request at the edge, to quote to its support',
    catalogBefore: 'What the catalogue said just before',
    working: 'What still worked',
    noWorking: 'Nothing of the same kind that we check.',
    affected: 'What it hits',
    noAffected: 'Nothing else that we check.',
    others: 'It could also be',
    says: 'What others say',
    saysNothing: 'Nobody else has said anything about it.',
    ahead: (minutes: number): string =>
      minutes === 0
        ? 'in the same minute'
        : minutes > 0
          ? `${minutes} min before us`
          : `${-minutes} min after us`,
    notSaid: 'has not said so',
    timeline: 'Timeline',
    report: 'What was written about it',
    by: (name: string): string => (name === 'machine' ? '' : `by ${name}`),
    phases: 'Phases',
    remedies: 'What was changed afterwards',
    contradictions: 'Where the sources disagree',
    entry: {
      opened: 'opened',
      changed: 'changed',
      unstable: 'unstable',
      steady: 'steady',
      resolved: 'over',
      reopened: 'back',
      note: 'note',
      acknowledged: 'acknowledged',
      corrected: 'corrected',
    },
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
      'The taller a day, the worse it was. In the last checks: the taller a bar, the longer until the first word; a cross is a failure, a dot a check that says nothing.',
  },
  chains: {
    heading: 'Chains',
    inUse: 'in use',
    usable: (usable: number, of: number): string => `${usable} of ${of} steps usable`,
    independent: (n: number): string =>
      n < 2 ? 'but one failure could take all of them' : `${n} share nothing with each other`,
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
  explain: {
    title: 'Explain an error',
    lead: 'Paste the error you got. You learn what it means, whose it is, whether others see it now, and what to do.',
    status: 'Status',
    body: 'Error text or answer body',
    bodyHint: 'Keys are removed. Of what you paste only its kind and the minute are counted.',
    gateway: 'Called',
    viaGateway: 'through OpenRouter',
    direct: 'the provider directly',
    submit: 'Explain',
    means: 'What it means',
    whose: 'Whose it is',
    whoseNames: {
      you: 'Yours',
      'the gateway': 'The gateway’s',
      'the provider': 'The provider’s',
      'the model': 'The model’s',
      nobody: 'Nobody’s',
      'cannot be told from one error': 'Cannot be told from one error',
    } as Record<string, string>,
    named: (name: string): string => `It names ${name}.`,
    todo: 'What to do',
    fix: {
      retry: 'Retry',
      wait: 'Wait',
      switch: 'Switch',
      top_up: 'Top up',
      mend_request: 'Mend the request',
      mend_key: 'Mend the key',
      nothing: 'Nothing',
    } as Record<string, string>,
    now: 'Is it happening now?',
    nowYes: (hits: number, checks: number, minutes: number): string =>
      `Yes: ${hits} of our last ${plural(checks, 'check', 'checks')} (${minutes} min) ended like this.`,
    nowNo: (checks: number, minutes: number): string =>
      `No: none of our ${plural(checks, 'check', 'checks')} of the last ${minutes} min ended like this.`,
    nowUnknown: 'We cannot say: there is no recent check of ours.',
    read: 'What we understood',
    more: 'More about this error',
    all: 'All the errors we know',
    example: 'Usually reads',
    statusWord: (status: string): string =>
      status === 'none' ? 'No answer' : status === 'any' ? 'Any status' : status,
  },
  subscribe: {
    title: 'Subscribe',
    lead: 'Be told when something breaks and when it is over. Every message has a link that stops it.',
    about: 'About',
    everything: 'Everything',
    smallest: 'From',
    impacts: {
      degraded: 'degraded and worse',
      partial_outage: 'partial outage and worse',
      major_outage: 'outages only',
    },
    email: 'Email',
    emailLabel: 'Your address',
    emailNote: 'You get one message to confirm. Nothing is sent before that.',
    emailOff: 'Email is not set up on this installation.',
    untilOverNote: (title: string): string => `One email when “${title}” is over. It unsubscribes itself.`,
    digest: 'How often',
    digests: { at_once: 'at once', daily: 'a daily digest', weekly: 'a weekly digest' },
    submit: 'Subscribe',
    webhook: 'Webhook',
    webhookLabel: 'Address (https)',
    webhookNote: 'It is asked to prove itself with a signed question before the first event.',
    slack: 'Slack',
    slackLabel: 'Incoming webhook address',
    slackNote: 'Or paste this line into a channel that has the RSS app:',
    feeds: 'Feeds',
    atom: 'Atom',
    rss: 'RSS',
    calendar: 'Calendar of maintenance',
    health: 'Health feed for routers',
    sent: 'Thank you. If this address can be told, a message to confirm is on its way.',
    failed: 'That did not work. Check the address and try again in a few minutes.',
    trap: 'Leave this empty',
  },
  compare: {
    title: 'Compare',
    lead: 'Every way we check to reach one model, side by side.',
    model: 'Model',
    choose: 'Compare',
    way: 'Way',
    now: 'Now',
    availability: 'Available, 30 days',
    worked: 'Worked, 24 hours',
    interval: (low: string, high: string, n: number): string => `${low} to ${high} % (${n} checks)`,
    between: (low: string, high: string, n: number): string => `${low} to ${high} (${count(n)})`,
    firstToken: 'First token, median',
    speed: 'Tokens per second',
    price: 'Price in / out',
    overhead: 'Slower than direct by',
    saved: 'Failures that falling back saved',
    markup: 'Times the cheapest',
    reported: 'OpenRouter’s figure, 1 day',
    none: 'Nothing to compare yet: no model is checked.',
    note: 'Below a figure: the interval that holds the true value 95 times in 100, and how many checks it rests on. Speeds are of the last 300 checks, the rest of the last 24 hours. Prices are USD per million tokens.',
  },
  sla: {
    title: 'Reliability',
    lead: 'One figure, one method: seconds in which checks failed, of the seconds measured.',
    period: (from: string, to: string): string => `${from} to ${to}, UTC`,
    byMonth: 'By month',
    what: 'What',
    available: 'Available',
    incidents: 'Incidents',
    worstDay: 'Worst day',
    leftOf: (percent: number): string => `Left of ${percent} %`,
    promised: 'Promised by the provider',
    noPromise: 'nothing published',
    minutes: (text: string): string => `${text} min`,
    met: 'kept so far',
    missed: 'missed',
    notKnown: 'too little measured',
    countedAs: (way: string): string =>
      `How failures are counted: ${way}. Figures are cut, never rounded up; nothing is written below 90 % measured. Minutes left are of the time that was measured.`,
    bad: 'Counted as failed',
    degraded: 'Counted as available, though slow or wrong',
    limited: 'A series of its own, in no figure here',
    leftOut: 'Our own doing or nobody’s, in no figure',
    files: 'the same for spreadsheets and programs, with every model and route.',
    badMinutes: (n: number): string => (n === 0 ? 'no bad minute' : plural(n, 'bad minute', 'bad minutes')),
    measured: (percent: string): string => `${percent} % measured`,
    none: 'Nothing has been measured yet.',
    report: 'Report',
  },
  report: {
    title: (month: string): string => `Report for ${month}`,
    list: 'Reports',
    incidents: (n: number): string =>
      n === 0
        ? 'No incident began in this month.'
        : `${plural(n, 'incident', 'incidents')} began in this month.`,
    longest: 'The longest',
    availability: 'Availability',
    cost: (usd: string, checks: string): string => `The watching cost ${usd} for ${checks} paid checks.`,
    written: (at: string, isFinal: boolean): string =>
      isFinal ? `Written ${at}, when the month was over.` : `The month goes on; last written ${at}.`,
    numbers: {
      title: 'What everybody quotes',
      notYet: 'These figures are written a few times an hour; there are none for this month yet.',
      tooLittle:
        'Nothing to quote: overhead and markup need the same model checked directly, what falling back saves needs a route without pinned provider.',
      figure: 'Figure',
      of: 'Of',
      value: 'Value',
      interval: '95 % interval',
      between: (low: string, high: string): string => `${low} to ${high}`,
      few: 'too few to quote',
      overheadHeaders: 'Later than direct, to headers',
      overheadToken: 'Later than direct, to the first token',
      saved: 'Calls saved by falling back',
      paid: 'Time that falling back took',
      lag: 'Official page after our first bad check',
      silent: 'Incidents the official page never mentioned',
      markup: 'Price, times the provider’s own',
      prices: (prompt: string, answer: string): string => `${prompt} in, ${answer} out`,
      since: (day: string): string =>
        `From single checks since ${day}: pairs made at the same time, so that what slows both cancels out.`,
      fee: (card: string, crypto: string, least: string): string =>
        `Beside any price, OpenRouter charges for buying credit: ${card} % by card, ${crypto} % by crypto, at least ${least} USD.`,
    },
  },
  catalogPage: {
    title: 'Catalogue',
    lead: 'Models added, withdrawn and repriced at OpenRouter, as we saw it.',
    listed: (n: number): string => `${n} models are listed now.`,
    all: 'All changes',
    kinds: {
      'catalog.model_added': 'Added',
      'catalog.model_withdrawn': 'Withdrawn',
      'catalog.model_expiring': 'Leaving',
      'catalog.model_repriced': 'Repriced',
      'catalog.context_changed': 'Context changed',
      'catalog.endpoint_changed': 'Provider changed',
    } as Record<string, string>,
    none: 'No change has been seen yet.',
    leaving: 'Leaving soon',
    earlier: 'Earlier changes',
  },
  method: {
    title: 'How we measure',
    lead: 'What a check is, how failures are counted, how a cause is found, and what this page cannot know.',
    checks: 'What a check is',
    checksText: [
      'A check is a small real request: a question with a short answer, streamed, on a connection opened for it alone. It is pinned to one provider with falling back switched off, and we look up who answered.',
      'An answer counts as good only when a token came, the answer finished, and the stream ended the way it must. A status of 200 alone proves nothing: OpenRouter sends it before the provider has answered.',
      'Some checks are not pinned: they go where your own calls go.',
      'Checks that cost nothing (the list of models, the status page, OpenRouter’s own figures, whether it answers without a key) run too.',
    ],
    everyText: (routes: number, every: string): string =>
      `At present ${plural(routes, 'route is', 'routes are')} checked, the most frequent every ${every}.`,
    noRoutes: 'At present no route is checked, because no key is configured.',
    usual: 'Why the usual check lies',
    usualText: [
      'The usual check asks for the list of models and expects a 200. That list comes from a cache in front of OpenRouter, and the copy keeps coming for an hour while the gateway behind it fails.',
      'On 17 and 19 February 2026 that check was green all the time, while four of five requests failed.',
    ],
    cause: 'How a cause is found',
    causeText: [
      'All checks are judged together. The largest thing that the failures support and no success contradicts is named: our own connection, our own key, the gateway, a model, a provider, or one route.',
      'If routes to several unrelated providers fail together while direct ones work, it is the gateway. If only one provider’s routes fail, it is the provider. If a model fails at every provider, it is the model.',
      'A first failure is confirmed at once on new connections, while places nobody judges here are asked to show that our own connection works. If it does not, we say so and judge nobody.',
      'What others say (the official page, OpenRouter’s figures) is shown beside it and never overrules what we see.',
    ],
    counting: 'How failures are counted',
    countingText:
      'Each check stands for the seconds until the next. Seconds in which a check failed are bad, degraded ones are not. What says nothing about the far side is left out, and how much of the time was measured is shown beside every figure. Figures are cut, never rounded up.',
    ended: 'How a check ended',
    counted: {
      good: 'good',
      degraded: 'degraded, not bad',
      bad: 'bad',
      limited: 'apart: rate limited',
      left_out: 'left out',
    },
    numbers: 'The numbers',
    numberNames: {
      confirm_times: 'confirmations asked for after a first failure',
      confirm_after_ms: 'the first confirmation comes after',
      confirm_gap_ms: 'confirmations are at least so far apart',
      single_failures: 'failures of one route before it is blamed alone',
      major_share: 'failing share, surely exceeded, that makes an outage',
      partial_share: 'failing share that makes a partial outage',
      slow_factor: 'times its usual speed before something is slow',
      limited_share: 'share of rate limited checks that makes a provider saturated',
      continue_ms: 'a fault that returns within this continues the same incident',
      close_calm_total_ms: 'calm before a total outage is over',
      close_calm_ms: 'calm before a partial one is over',
      fail_open_looks: 'failures in a row before a route is taken out of rotation',
      retry_ms: 'first pause before it is tried again',
      ramp_ms: 'it returns step by step over',
      expiry_least_ms: 'without news for so long, a state is unknown',
    } as Record<string, string>,
    limits: 'Limits',
    limitsText: [
      'We see what a small request sees. Long prompts, tools, images and your own limits may behave differently.',
      'An outage shorter than the pause between two checks may be missed. One that lasts is announced within seconds of the first failed check, not after the next few.',
      'Checks come from the places named below. Your way to OpenRouter is another.',
      'A rate limit of our own key says nothing about anybody else and is left out.',
    ],
    unknown: 'Unknown is a state of its own: grey, never green and never red.',
  },
  apiPage: {
    title: 'API',
    lead: 'Everything on these pages for machines. Reading needs no key.',
    document: 'OpenAPI document',
    none: 'The description is not available at the moment.',
    try: 'Try it',
    answer: 'Answer',
    token: 'needs a token',
    parameters: 'Parameters',
  },
  admin: {
    title: 'Admin',
    tabs: {
      incidents: 'Incidents',
      maintenance: 'Maintenance',
      channels: 'Channels',
      budget: 'Budget',
      accounts: 'Accounts',
      targets: 'Targets',
      config: 'Configuration',
      health: 'Health',
      audit: 'Audit log',
    },
    login: 'Sign in',
    token: 'Admin token',
    tokenHint: 'It is in the file the start line names, or in SIGNALBOX_ADMIN_TOKEN.',
    loginFailed: 'That token is not right.',
    logout: 'Sign out',
    done: 'Done.',
    failed: 'That did not work:',
    openByHand: 'Open an incident by hand',
    name: 'Title',
    scope: 'What it is about (kind:id)',
    impact: 'How bad',
    text: 'Text',
    acknowledge: 'Acknowledge',
    annotate: 'Add a note',
    correct: 'Correct',
    publish: 'Publish',
    hide: 'Hide from the public',
    resolve: 'Say it is over',
    announce: 'Tell everyone',
    acknowledgedBy: (name: string): string => `acknowledged by ${name}`,
    notPublic: 'not public',
    noIncidents: 'No incident yet.',
    plan: 'Plan maintenance',
    from: 'From (UTC)',
    to: 'To (UTC)',
    muteTitle: 'Mute',
    muteHours: 'Hours',
    mute: 'Mute',
    unmute: 'Unmute',
    mutedUntil: 'muted until',
    mutes: 'Muted now',
    noMutes: 'Nothing is muted.',
    muteNote:
      'Your channels are told nothing about it until then; what happened meanwhile is told when it ends.',
    planned: 'Planned maintenance',
    noPlanned: 'No maintenance is planned.',
    cancel: 'Cancel',
    endNow: 'End now',
    inConfiguration: 'from the configuration',
    receivers: 'Receivers',
    noReceivers: 'Nobody is told yet: add channels to the configuration.',
    test: 'Send a test',
    deliveries: 'Deliveries',
    noDeliveries: 'Nothing has been sent yet.',
    waiting: (due: number, dead: number): string => `${due} waiting, ${dead} given up`,
    what: {
      queued: 'queued',
      sent: 'sent',
      retry: 'again later',
      dead: 'given up',
      not_sent: 'not sent',
      superseded: 'replaced',
    },
    spent: 'Spent',
    perMonth: 'By month',
    perDay: 'By day',
    day: 'Day',
    month: 'Month',
    gateway: 'Gateway',
    usd: 'USD',
    requests: 'Paid checks',
    nothingSpent: 'Nothing has been spent yet.',
    account: 'Account',
    credit: 'Credit left',
    usedToday: 'Used today',
    usedMonth: 'Used this month',
    keyLimit: 'Limit of the key',
    expires: 'Key expires',
    freeTier: 'free tier',
    noAccounts: 'No key is configured.',
    checkNow: 'Check now',
    checkAll: 'Check everything now',
    target: 'Target',
    kindOfCheck: 'Kind',
    every: 'Every',
    price: 'Price',
    origin: 'From',
    lastSeen: 'Last',
    noTargets: 'Nothing is watched yet.',
    path: 'Setting',
    value: 'Value',
    source: 'Where it came from',
    cameFrom: (from: Origin): string => {
      if (from.kind === 'default') return 'default';
      if (from.kind === 'environment') return `environment: ${from.name}`;
      return from.line === null ? 'configuration file' : `configuration file, line ${from.line}`;
    },
    healthNames: {
      store: 'Database',
      position: 'Position of the feed',
      streams: 'Open streams',
      cut: 'Streams cut off',
      renders: 'Pages rendered',
      requests: 'Requests answered',
      memory: 'Memory of the web process',
    },
    guardStates: {
      normal: 'follows what is seen',
      suppressed: 'held back until confirmed',
      frozen: 'frozen',
    } as Record<string, string>,
    ownStates: { ok: 'works', blind: 'down', unknown: 'unknown' } as Record<string, string>,
    noConfig: 'Defaults only.',
    beat: 'Checker: last sign of life',
    started: 'Checker: started',
    outbox: 'Messages',
    guard: 'Feed',
    own: 'Own connection',
    noAudit: 'Nobody has changed anything yet.',
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
    abilities: {
      title: 'What it can do',
      note: 'Asked a few times a day. Shown, and never counted as downtime.',
      of: (name: string): string => `What ${name} can do`,
      names: {
        tools: 'Tool calls',
        schema: 'Answers in a given schema',
        unstreamed: 'Answers in one piece',
        long_input: '8,000 tokens of input',
      },
      shown: { pass: 'works', fail: 'does not work', unknown: 'not known' },
      same: (count: number): string =>
        `The same five questions: ${count} provider${count === 1 ? '' : 's'} answered, all alike.`,
      odd: (count: number, names: string): string =>
        `The same five questions: ${count} provider${count === 1 ? '' : 's'} answered, and ${names} otherwise than the others.`,
    },
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
    /** The first line where nothing is open: `chat is degraded: …. claude-haiku-4.5 works.` */
    sentence: (items: Watched[]): string => watchedSentence(items),
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

interface Watched {
  name: string;
  verdict: Verdict;
  reason: string;
}

function watchedSentence(items: Watched[]): string {
  if (items.length === 0) return 'Nothing of what you ask for is watched here.';
  const fine = items.filter((item) => item.verdict === 'operational').map((item) => item.name);
  const rest = items.filter((item) => item.verdict !== 'operational');
  const worst = [...rest].sort((a, b) => verdictWords[b.verdict].severity - verdictWords[a.verdict].severity);
  const said = worst.map(
    ({ name, verdict, reason }) =>
      `${name}: ${en.state[verdict].toLowerCase()}${reason ? `, ${reason}` : ''}.`,
  );
  const works = fine.length === 0 ? [] : [`${listed(fine)} ${fine.length === 1 ? 'works' : 'work'}.`];
  return [...said, ...works].join(' ');
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

type Origin =
  | { kind: 'default' }
  | { kind: 'environment'; name: string }
  | { kind: 'file'; line: number | null };

function placeList(places: string[]): string {
  if (places.length === 0) return 'no place yet';
  if (places.length === 1) return `one place (${places[0]})`;
  return `${places.length} places (${places.join(', ')})`;
}

export type Words = typeof en;
