import { describe, expect, it } from 'vitest';
import type { ComponentState, Incident } from './plan.ts';
import { type Overall, overallSentence, overallVerdict } from './sentence.ts';
import { ownChecksFail } from './sentence-words.ts';
import type { Verdict } from './words.ts';

const nowMs = Date.UTC(2026, 1, 17, 5, 40);

function component(
  kind: ComponentState['kind'],
  id: string,
  verdict: Verdict,
  reason = 'nine of ten failed',
): ComponentState {
  const confidence = {
    level: 'high',
    samples: 10,
    pUp: null,
    vantages: 1,
    agreeingVantages: 1,
    lastSampleAtMs: nowMs,
  } as const;
  return {
    kind,
    id,
    verdict,
    sinceMs: nowMs,
    reason,
    confidence,
    affectedBy: null,
    incidentId: null,
    chain: null,
    updatedAtMs: nowMs,
  };
}

function incident(impact: Incident['impact'], id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    scope: { kind: 'provider', id },
    impact,
    status: 'open',
    isUnstable: false,
    isPublic: true,
    confidence: 'high',
    startedAtMs: nowMs - 60_000,
    openedAtMs: nowMs,
    resolvedAtMs: null,
    title: `${id} is down`,
    reason: '9 of 9 checks failed in 90 s',
    evidence: {
      failed: 9,
      total: 9,
      providers: 1,
      windowMs: 90_000,
      byClass: {},
      sample: null,
      working: [],
      witnesses: [],
      candidates: [],
    },
    timeline: [],
    affected: [],
    acknowledgedBy: null,
    pinned: [],
    ...more,
  };
}

const calm: Overall = {
  components: [
    component('gateway', 'openrouter', 'operational'),
    component('provider', 'groq', 'operational'),
  ],
  incidents: [],
  nowMs,
  lastLookAtMs: nowMs,
  isBlind: false,
};
const say = (change: Partial<Overall>) => ({
  sentence: overallSentence({ ...calm, ...change }),
  verdict: overallVerdict({ ...calm, ...change }),
});

describe('the first line and its verdict', () => {
  it('are both calm when all is well', () => {
    expect(say({})).toEqual({ sentence: 'Everything we check works.', verdict: 'operational' });
  });

  it('speak of the worst open fault, and count the others', () => {
    const { sentence, verdict } = say({
      incidents: [incident('degraded', 'groq'), incident('major_outage', 'deepinfra')],
    });
    expect(verdict).toBe('major_outage');
    expect(sentence).toMatch(
      /^deepinfra is down: 9 of 9 checks failed in 90 s\. Since 05:39 UTC, for 60 s\. One more fault is open\.$/i,
    );
  });

  it('never speak of what is the owner’s own affair', () => {
    expect(say({ incidents: [incident('major_outage', 'x', { isPublic: false })] }).verdict).toBe(
      'operational',
    );
  });

  it('name who is unwell while nothing is decided yet, with the reason', () => {
    const { sentence, verdict } = say({
      components: [...calm.components, component('provider', 'novita', 'degraded')],
    });
    expect(sentence).toBe('Novita: not all is well. Nine of ten failed.');
    expect(verdict).toBe('degraded');
  });

  it.each<[string, Partial<Overall>]>([
    ['our own connection is down', { isBlind: true }],
    ['nothing was checked for long', { isStale: true }],
    ['nothing is known of any service', { components: [component('gateway', 'openrouter', 'unknown')] }],
    ['nothing was ever checked', { components: [] }],
  ])('claim nothing when %s', (_when, change) => {
    expect(say(change).verdict).toBe('unknown');
    expect(say(change).sentence).not.toMatch(/works?\b/);
  });

  it('say so already when most of what is behind the gateway refuses our key', () => {
    const refused = (id: string) => ({ ...component('provider', id, 'unknown'), reason: ownChecksFail });
    const gateway = component('gateway', 'openrouter', 'operational');
    const some = [gateway, refused('anthropic'), component('provider', 'groq', 'operational')];
    const most = [...some, refused('deepinfra')];
    // Seen red without: "2 of 4 services work, the others have not been checked lately."
    expect(say({ components: most }).sentence).toMatch(/^Our own checks do not get through/);
    expect(say({ components: some }).sentence).toBe(
      '2 of 3 services work, the others have not been checked lately.',
    );
  });

  it('blame nobody and are not green while our own key is refused', () => {
    const shut = { ...component('gateway', 'openrouter', 'unknown'), reason: ownChecksFail };
    const components = [shut, component('provider', 'anthropic', 'operational')];
    const { sentence, verdict } = say({ components });
    expect(sentence).toBe(
      'Our own checks do not get through at the moment, so we cannot say how OpenRouter is.',
    );
    expect(verdict).toBe('unknown');
    expect(say({ components, incidents: [incident('degraded', 'anthropic')] }).verdict).toBe('degraded');
  });

  it('do not take an official page or a plain address for a service', () => {
    const components = [
      ...calm.components,
      component('official', 'direct/azure', 'major_outage'),
      component('http', 'our-api', 'major_outage'),
    ];
    expect(say({ components }).verdict).toBe('operational');
  });
});
