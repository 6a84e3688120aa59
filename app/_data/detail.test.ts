import { describe, expect, it } from 'vitest';
import { abilityKey } from '#lib/core/feed-capabilities.ts';
import { goodLook } from '#lib/testing/observations.ts';
import { pageContext } from '#lib/testing/page-context.ts';
import { detailView } from './detail.ts';

const goodOutput = { tokens: 2, reasoningTokens: 0, finish: 'stop', done: true };
const llama = 'meta-llama/llama-3.3-70b-instruct';

describe('the page about one thing', () => {
  it('finds a model by either spelling of its address', () => {
    const ctx = pageContext('partial');
    const tilde = detailView(ctx, 'model', { segments: ['meta-llama~llama-3.3-70b-instruct'] });
    const slash = detailView(ctx, 'model', { segments: llama.split('/') });
    expect(tilde?.id).toBe(llama);
    expect(slash?.id).toBe(llama);
  });

  // Seen red: the first page of a new installation led to two that were not found.
  it('is there before the first check for what the configuration names, and for nothing else', () => {
    const ctx = pageContext('empty');
    const chained = { ...ctx, facts: { ...ctx.facts, chains: [{ id: 'chat', steps: [] }] } };
    const gateway = detailView(chained, 'gateway', { segments: ['openrouter'] });
    expect(gateway).toMatchObject({ verdict: 'unknown', sinceMs: null, routes: [], sure: 'none' });
    expect(detailView(chained, 'chain', { segments: ['chat'] })?.verdict).toBe('unknown');
    expect(detailView(chained, 'gateway', { segments: ['nobody'] })).toBeNull();
    expect(detailView(chained, 'provider', { segments: ['openrouter'] })).toBeNull();
  });

  // Seen red while a gateway's days were those of all routes through it.
  it('a fault of one provider is on its own days and not on the gateway’s', () => {
    const ctx = pageContext('partial');
    const today = Math.floor(ctx.nowMs / 86_400_000) * 86_400_000;
    const bar = (targetKey: string, badS: number) => ({
      ...{ targetKey, dayMs: today, measuredS: 80_000, badS, degradedS: 0 },
      ...{ limitedS: 0, unknownS: 0, worst: null },
    });
    const bars = () => [
      bar(`completion|openrouter:deepinfra:${llama.replace('/', '~')}`, 40_000),
      bar('completion|openrouter:any:openai~gpt-5-nano', 0),
    ];
    const broken = { ...ctx, store: { ...ctx.store, history: { ...ctx.store.history, bars } } };
    const dayOf = (kind: 'gateway' | 'provider', id: string) =>
      detailView(broken, kind, { segments: [id] })?.bars.days.at(-1);
    expect(dayOf('provider', 'deepinfra')).toBe('major_outage');
    expect(dayOf('gateway', 'openrouter')).toBe('operational');
  });

  it('says how many providers of a model are usable now', () => {
    expect(detailView(pageContext('partial'), 'model', { segments: [llama] })?.usable).toEqual({
      of: 3,
      now: 2,
    });
  });

  it('shows the charts of the route in trouble unless another is asked for', () => {
    const ctx = pageContext('partial');
    expect(detailView(ctx, 'model', { segments: [llama] })?.selected?.provider).toBe('DeepInfra');
    const route = 'openrouter:groq:meta-llama~llama-3.3-70b-instruct';
    expect(detailView(ctx, 'model', { segments: [llama], route })?.selected?.provider).toBe('Groq');
  });

  it('takes a range and a way of counting only from the lists', () => {
    const view = detailView(pageContext('calm'), 'provider', {
      segments: ['groq'],
      range: '9e9',
      convention: '<b>',
    });
    expect(view?.range).toBe('24h');
    expect(view?.convention).toBe('openrouter');
  });

  it('names what explains the state of a child', () => {
    const view = detailView(pageContext('major'), 'provider', { segments: ['groq'] });
    expect(view?.because).toBeNull();
    const hit = detailView(pageContext('major'), 'provider', { segments: ['azure'] });
    expect(hit?.because).toEqual({ name: 'OpenRouter', path: '/incidents/inc_major' });
  });

  it('is not there for what is not watched', () => {
    expect(detailView(pageContext('calm'), 'provider', { segments: ['nobody'] })).toBeNull();
    expect(detailView(pageContext('calm'), 'chain', { segments: ['..', 'etc'] })).toBeNull();
  });

  it('lays the phases of a check end to end', () => {
    const [check] = detailView(pageContext('calm'), 'provider', { segments: ['groq'] })?.lastChecks ?? [];
    expect(check?.phases.map((p) => p.name)).toEqual(['dns', 'connect', 'tls', 'wait', 'first_word', 'rest']);
    for (const [i, phase] of (check?.phases ?? []).entries())
      if (i > 0) expect(phase.fromMs).toBe(check?.phases[i - 1]?.toMs);
  });

  it('shows what a route can do and whether a model is the same everywhere, or nothing where nobody asked', () => {
    const calm = pageContext('calm');
    expect(detailView(calm, 'model', { segments: [llama] })).toMatchObject({ abilities: [], sameness: null });
    const groq = { gateway: 'openrouter', provider: 'groq', model: llama };
    const series = (answer: 'match' | 'mismatch') => ({
      everyMs: 21_600_000,
      looks: [goodLook({ atMs: calm.nowMs - 60_000, output: { ...goodOutput, answer } })],
    });
    const abilities = new Map([
      [abilityKey(groq, 'tools'), series('match')],
      [abilityKey(groq, 'schema'), series('mismatch')],
    ]);
    const known = (endpoint: string, isOdd: boolean, same: number | null) => ({
      ...{ endpoint, isOdd, same, of: 5, fingerprint: null, servedModel: null },
    });
    const asked = [known('groq', false, 5), known('deepinfra/fp4', true, 2), known('azure', false, null)];
    calm.store.catalog.drift = () => ({ atMs: calm.nowMs - 60_000, asked });
    const view = detailView({ ...calm, facts: { ...calm.facts, abilities } }, 'model', {
      segments: [llama],
      route: 'openrouter:groq:meta-llama~llama-3.3-70b-instruct',
    });
    expect(view?.abilities).toMatchObject([
      { name: 'tools', shown: 'pass' },
      { name: 'schema', shown: 'fail' },
    ]);
    expect(view?.sameness).toMatchObject({ answered: 2, odd: ['DeepInfra'] });
  });

  it('has a page for a chain with its steps', () => {
    const view = detailView(pageContext('calm'), 'chain', { segments: ['chat'] });
    expect(view?.chain?.steps.map((s) => s.isInUse)).toEqual([true, false, false]);
    expect(view?.routes).toHaveLength(3);
  });
});
