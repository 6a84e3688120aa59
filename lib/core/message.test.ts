import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMessage, type MessageContext } from './message.ts';
import { cutAt, cutAtBytes, plainLine, sayList } from './message-text.ts';
import { outcomeClasses } from './outcome-words.ts';
import { type CoreEvent, eventTypes, type Incident } from './plan.ts';

const startedAtMs = Date.UTC(2026, 10, 20, 12, 1);
const nowMs = startedAtMs + 90_000;

const incident: Incident = {
  id: 'i1',
  scope: { kind: 'provider', id: 'deepinfra', via: 'openrouter' },
  impact: 'partial_outage',
  status: 'open',
  isUnstable: false,
  isPublic: true,
  confidence: 'high',
  startedAtMs,
  openedAtMs: nowMs,
  resolvedAtMs: null,
  title: 'DeepInfra fails through OpenRouter',
  reason: '9 of 41 route checks failed in 90 s',
  evidence: {
    failed: 9,
    total: 41,
    providers: 7,
    windowMs: 90_000,
    byClass: { http_5xx: 7, cut: 2 },
    sample: { status: 502, message: 'Provider returned error', provider: 'deepinfra', target: 'x' },
    working: ['direct/anthropic', 'openrouter/groq'],
    witnesses: [{ component: 'OpenRouter Chat', status: 'operational', leadMs: null }],
    candidates: [],
  },
  timeline: [],
  affected: ['openrouter/deepinfra/meta-llama/llama-3.3-70b-instruct', 'chain:chat'],
  acknowledgedBy: null,
  pinned: [],
};

const event: CoreEvent = {
  id: 'e1',
  type: 'incident.opened',
  atMs: nowMs,
  scope: incident.scope,
  impact: 'partial_outage',
  incidentId: 'i1',
  targetId: null,
  isPublic: true,
  sentence: 'DeepInfra fails through OpenRouter since 12:01 UTC; directly it works.',
  reason: '9 of 41',
  startedAtMs,
  expiresAtMs: null,
  data: {},
};

const context: MessageContext = {
  deliveryId: 'msg_1',
  nowMs,
  baseUrl: 'https://status.example.com/',
  timeZone: 'Europe/Berlin',
  title: 'LLM status',
  chains: [{ id: 'chat', verdict: 'degraded', step: 1, usable: 1, incidentId: 'i1' }],
  runbooks: { 'provider:deepinfra': 'https://wiki.example.com/deepinfra' },
  own: [],
  wasTold: true,
  state: null,
};

describe('a message', () => {
  const factOf = (changed: Partial<Incident>, key: string, more: Partial<MessageContext> = {}) =>
    composeMessage(event, { ...incident, ...changed }, { ...context, ...more })
      .facts.filter((fact) => fact.key === key)
      .map((fact) => `${fact.label}: ${fact.text}`);

  it('gives what a gateway says of itself in numbers as its own word, not as that of a status page', () => {
    const witnesses = [
      { component: 'llama · groq', status: 'degraded', leadMs: 60_000, by: 'openrouter' },
      { component: 'Chat', status: 'operational', leadMs: null },
    ];
    const evidence = { ...incident.evidence, witnesses };
    expect(factOf({ evidence }, 'official')).toEqual(['Official page says: Chat: Operational']);
    expect(factOf({ evidence }, 'reported')).toEqual([
      'OpenRouter says: llama · groq: Degraded, 1 min before us',
    ]);
  });

  it('calls no chain hit that is on its first step with all of them left', () => {
    const chain = {
      id: 'chat',
      verdict: 'operational' as const,
      step: 0,
      usable: 3,
      routes: ['openrouter/a/m', 'openrouter/b/m', 'direct/c/m'],
      incidentId: null,
    };
    const affected = ['openrouter/b/m'];
    const routes = '1 watched route (openrouter/b/m)';
    expect(factOf({ affected }, 'hits', { chains: [chain] })).toEqual([`Hits: ${routes}`]);
    expect(factOf({ affected }, 'hits', { chains: [{ ...chain, usable: 1 }] })).toEqual([
      `Hits: chain chat is on step 1, 1 usable step left; ${routes}`,
    ]);
    const other = { ...chain, usable: 1, routes: ['direct/c/m'] };
    expect(factOf({ affected }, 'hits', { chains: [other] })).toEqual([`Hits: ${routes}`]);
  });

  it('says of what is over that it was', () => {
    const scope = { kind: 'prober' as const, id: 'demo' };
    const over = { scope, status: 'resolved' as const, resolvedAtMs: nowMs };
    expect(factOf({ scope }, 'cause')).toEqual(['Cause: our own connection is down (checked from demo)']);
    expect(factOf(over, 'cause')).toEqual(['Cause: our own connection was down (checked from demo)']);
  });

  it('names the numbers to quote to a support desk, and what the catalogue said just before', () => {
    const sample = { ...incident.evidence.sample!, generationId: 'gen-42', edgeId: '8f-FRA' };
    const catalog = [{ atMs: incident.startedAtMs - 300_000, sentence: 'OpenRouter no longer lists a/b.' }];
    const evidence = { ...incident.evidence, sample, catalog };
    expect(factOf({ evidence }, 'quote')).toEqual(['For its support: generation gen-42, edge 8f-FRA']);
    expect(factOf({ evidence }, 'before')).toEqual([
      'Catalogue, just before: OpenRouter no longer lists a/b (5 min before)',
    ]);
    expect(factOf({}, 'quote')).toEqual([]);
  });

  it('names no kind of failure by its code', () => {
    for (const one of outcomeClasses) {
      const evidence = { ...incident.evidence, byClass: { [one]: 3 } };
      const [said = ''] = factOf({ evidence }, 'sure');
      expect(said).toMatch(/\(3 × [a-z0-9][^_]+\)$/);
    }
  });

  it('says what, whose fault, since when, how sure, what it hits, what works and what the official page says, in this order', () => {
    const message = composeMessage(event, incident, context);
    expect(message.headline).toBe(event.sentence);
    expect(message.facts.map((fact) => `${fact.label}: ${fact.text}`)).toEqual([
      'Cause: deepinfra (the provider), only through openrouter: it works directly',
      'Since: 12:01 UTC (13:01 Europe/Berlin)',
      'How sure: high confidence: 9 of 41 checks failed in 90 s over 7 providers (7 × server errors, 2 × answers cut off)',
      'Hits: chain chat is on step 2, 1 usable step left; 1 watched route (openrouter/deepinfra/meta-llama/llama-3.3-70b-instruct)',
      'Still works: direct/anthropic and openrouter/groq',
      'Official page says: OpenRouter Chat: Operational',
    ]);
    expect(message.quote).toBe('502 from deepinfra: Provider returned error');
    expect(message.fix).toBe('"provider":{"ignore":["deepinfra"]}');
    expect(message.links.map((link) => [link.key, link.url])).toEqual([
      ['runbook', 'https://wiki.example.com/deepinfra'],
      ['incident', 'https://status.example.com/incidents/i1'],
    ]);
    expect(JSON.parse(`{${message.fix}}`)).toEqual({ provider: { ignore: ['deepinfra'] } });
  });

  it('says the duration and the span at the end, and gives no more advice', () => {
    const resolvedAtMs = startedAtMs + 480_000;
    const over = { ...incident, status: 'resolved' as const, resolvedAtMs };
    const message = composeMessage({ ...event, type: 'incident.resolved' }, over, {
      ...context,
      nowMs: resolvedAtMs,
    });
    expect(message.tone).toBe('good');
    expect(message.facts.find((fact) => fact.key === 'since')?.text).toBe(
      '8 min, 12:01–12:09 UTC (13:01–13:09 Europe/Berlin)',
    );
    expect([message.advice, message.fix]).toEqual([null, null]);
  });

  it('tells whoever never heard of the fall the whole story at once', () => {
    const over = { ...incident, resolvedAtMs: startedAtMs + 480_000 };
    const message = composeMessage({ ...event, type: 'incident.resolved' }, over, {
      ...context,
      wasTold: false,
    });
    expect(message.headline).toBe('DeepInfra fails through OpenRouter: was down 12:01–12:09 UTC (8 min).');
  });

  it('keeps a whole sentence beside a headline that had to be cut', () => {
    const long = 'word '.repeat(60).trim();
    const message = composeMessage({ ...event, sentence: long }, incident, context);
    expect(message.headline.length).toBeLessThanOrEqual(120);
    expect(message.sentence).toBe(long);
  });

  it.each([
    ['model', 'Another model must answer'],
    ['gateway', 'Call providers directly where you can: direct/anthropic work.'],
    ['account', 'Check key, credit and limits'],
    ['prober', 'Check the network of the machine'],
  ] as const)('gives advice that fits when the cause is the %s', (kind, advice) => {
    const other = { ...incident, scope: { kind, id: 'x' } };
    expect(composeMessage(event, other, context).advice).toContain(advice);
  });

  it('offers the replacement of a withdrawn model to paste', () => {
    const gone = {
      ...event,
      type: 'catalog.model_withdrawn' as const,
      incidentId: null,
      data: { replacements: ['a/b', 'c/d'] },
    };
    expect(composeMessage(gone, null, context)).toMatchObject({
      advice: 'Replacements: a/b and c/d.',
      fix: '"model":"a/b"',
    });
  });

  it('links nothing that is not a web address', () => {
    const odd = { ...event, data: { url: 'javascript:alert(1)' } };
    const own = [{ key: 'acknowledge' as const, text: 'x', url: 'file:///etc/passwd' }];
    expect(composeMessage(odd, incident, { ...context, own }).links.map((link) => link.key)).toEqual([
      'runbook',
      'incident',
    ]);
  });

  it('holds its limits and stays on its lines whatever the far side wrote, for every kind of event', () => {
    const hostile = fc.string({ maxLength: 2_000, unit: 'binary' });
    fc.assert(
      fc.property(fc.constantFrom(...eventTypes), hostile, hostile, (type, sentence, message) => {
        const sample = { status: 500, message, provider: message, target: message };
        const odd = {
          ...incident,
          title: sentence,
          evidence: { ...incident.evidence, sample, working: [message] },
        };
        const made = composeMessage({ ...event, type, sentence }, odd, context);
        expect(made.headline.length).toBeLessThanOrEqual(120);
        expect(made.subject.length).toBeLessThanOrEqual(150);
        const all = [
          made.headline,
          made.subject,
          made.quote ?? '',
          ...made.facts.map((fact) => fact.text),
        ].join('');
        expect(all).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\u2028]/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('text of a message', () => {
  it('is cut between words and never inside a character', () => {
    expect(cutAt('one two three four', 15)).toBe('one two three…');
    expect(cutAt('😀'.repeat(10), 6)).toBe('😀😀…');
    expect(new TextEncoder().encode(cutAtBytes('é'.repeat(5_000), 4_096)).length).toBeLessThanOrEqual(4_096);
  });

  it('loses line breaks, escapes, overrides and zero-width marks', () => {
    expect(plainLine('a\r\nb\u001b[31m\u202ec\u200bd')).toBe('a b [31m c d');
  });

  it('lists a few and counts the rest', () => {
    expect(sayList(['a', 'b'])).toBe('a and b');
    expect(sayList(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d and 3 more');
    expect(sayList(['a'])).toBe('a');
  });
});
