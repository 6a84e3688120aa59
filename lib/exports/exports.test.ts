import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RoutingTarget } from '../core/feed-routing.ts';
import { envoyEds } from './envoy.ts';
import type { ExportAsk } from './export.ts';
import { agentLine } from './haproxy.ts';
import { litellm } from './litellm.ts';
import { nginx } from './nginx.ts';
import { openrouter } from './openrouter.ts';
import { portkey } from './portkey.ts';
import { vercel } from './vercel.ts';

type Action = RoutingTarget['advice']['action'];
const circuits: Record<Action, RoutingTarget['circuit']['state']> = {
  use: 'closed',
  prefer_not: 'closed',
  probe: 'half_open',
  avoid: 'open',
  last_resort: 'open',
};
const weights: Record<Action, number> = { use: 100, prefer_not: 50, probe: 10, avoid: 0, last_resort: 1 };

function target(provider: string, action: Action, model = 'm/a'): RoutingTarget {
  return {
    id: `openrouter:${provider.replace('/', '~')}:${model.replace('/', '~')}`,
    ...{ gateway: 'openrouter', provider, model, groups: [], state: action === 'avoid' ? 'down' : 'up' },
    circuit: {
      state: circuits[action],
      since: '2026-01-01T00:00:00Z',
      retry_at: action === 'avoid' ? '2026-01-01T00:01:00Z' : null,
      ramp_until: null,
    },
    advice: { action, weight: weights[action] },
    confidence: { level: 'high', samples: 9 },
    observed_at: null,
  };
}

function ask(targets: RoutingTarget[], more: Partial<ExportAsk> = {}): ExportAsk {
  return {
    ...{ epoch: 'e', seq: 7, generatedAt: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T00:01:30Z' },
    ...{ hasOpinion: true, targets, models: ['m/a'], mode: 'exclude', keep: 1, ids: [], endpoints: [] },
    ...{ cluster: 'llm', reasons: new Map([['openrouter:x:m~a', 'http_5xx']]) },
    ...more,
  };
}
const parsed = (out: { body: string }) => JSON.parse(out.body) as Record<string, never>;

describe('openrouter', () => {
  test('an open endpoint is ignored by its full tag', () => {
    const out = parsed(
      openrouter(
        ask([target('deepinfra/turbo', 'avoid'), target('deepinfra', 'use'), target('groq', 'use')]),
      ),
    );
    expect(out).toEqual({ model: 'm/a', provider: { ignore: ['deepinfra/turbo'], allow_fallbacks: true } });
  });

  test('a model whose every provider is open goes to the end, and nothing is ignored', () => {
    const targets = [target('x', 'avoid'), target('y', 'last_resort'), target('z', 'use', 'm/b')];
    expect(parsed(openrouter(ask(targets, { models: ['m/a', 'm/b'] })))).toEqual({
      ...{ model: 'm/b', models: ['m/b', 'm/a'] },
      provider: { allow_fallbacks: true },
    });
  });

  test('an expired feed has no opinion', () => {
    expect(
      parsed(openrouter(ask([target('x', 'avoid'), target('y', 'use')], { hasOpinion: false }))),
    ).toEqual({
      ...{ model: 'm/a', provider: { allow_fallbacks: true } },
    });
  });

  test('whatever is out, no model of the request loses its last known provider', () => {
    const one = fc.record({
      provider: fc.constantFrom('a', 'b', 'c', 'd'),
      action: fc.constantFrom<Action>('use', 'prefer_not', 'probe', 'avoid', 'last_resort'),
      model: fc.constantFrom('m/a', 'm/b'),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: (o) => o.provider + o.model, maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        (all, keep) => {
          const targets = all.map((o) => target(o.provider, o.action, o.model));
          const out = parsed(openrouter(ask(targets, { models: ['m/a', 'm/b'], keep }))) as unknown as {
            provider: { ignore?: string[] };
          };
          for (const model of ['m/a', 'm/b']) {
            const pool = targets.filter((t) => t.model === model);
            const left = pool.filter((t) => !out.provider.ignore?.includes(t.provider ?? ''));
            expect(left.length).toBeGreaterThanOrEqual(Math.min(keep, pool.length));
          }
        },
      ),
    );
  });
});

test('vercel names who is left, and nobody when all are open', () => {
  expect(
    parsed(
      vercel(ask([target('groq', 'use'), target('deepinfra/turbo', 'avoid')], { models: ['m/a', 'm/b'] })),
    ),
  ).toEqual({
    providerOptions: { gateway: { only: ['groq'], models: ['m/b'] } },
  });
  const model = 'openai/gpt-5-mini';
  const two = [target('amazon-bedrock', 'use', model), target('azure', 'avoid', model)];
  const models = [model, 'meta-llama/llama-3.3-70b-instruct'];
  expect(parsed(vercel(ask(two, { models })))).toEqual({
    providerOptions: { gateway: { only: ['bedrock'], models: ['meta/llama-3.3-70b'] } },
  });
  expect(parsed(vercel(ask([target('groq', 'last_resort'), target('x', 'avoid')])))).toEqual({
    providerOptions: { gateway: {} },
  });
});

test('portkey overlays the reader’s own list by position and never opens all of it', () => {
  const targets = [target('x', 'avoid'), target('y', 'use')];
  const ids = targets.map((t) => t.id);
  expect(parsed(portkey(ask(targets, { ids: [...ids, 'unknown'] })))).toEqual({
    ...{ id: 'signalbox', targets: [{ is_open: true }, { is_open: false }, { is_open: false }] },
  });
  expect(parsed(portkey(ask(targets, { ids: ids.slice(0, 1) })))).toMatchObject({
    targets: [{ is_open: false }],
  });
});

test('litellm says who is blocked and until when', () => {
  const out = parsed(litellm(ask([target('x', 'avoid'), target('y', 'last_resort')]))) as unknown as {
    targets: unknown;
  };
  expect(out.targets).toEqual({
    'openrouter:x:m~a': { blocked: true, until: '2026-01-01T00:01:00Z' },
    'openrouter:y:m~a': { blocked: false, until: null },
  });
});

describe('haproxy', () => {
  const line = (targets: RoutingTarget[], ids = targets.map((t) => t.id), hasOpinion = true) =>
    agentLine(ask(targets, { ids, hasOpinion }));

  test('every state has its words', () => {
    const other = target('other', 'use');
    expect(line([target('x', 'use'), other])).toBe('up ready 100%\n');
    expect(line([target('x', 'probe'), other])).toBe('up ready 10%\n');
    expect(line([target('x', 'avoid'), other])).toBe('down #signalbox http_5xx\n');
    expect(line([target('x', 'last_resort'), other])).toBe('up ready 1%\n');
    expect(line([{ ...target('x', 'use'), state: 'maintenance' }, other])).toBe('drain\n');
    expect(line([], ['nobody:knows:this'])).toBe('up ready 100%\n');
  });

  test('the last usable server of a backend is never down', () => {
    expect(line([target('x', 'avoid')])).toBe('up ready 1%\n');
    expect(line([target('x', 'avoid'), target('y', 'avoid')])).toBe('up ready 1%\n');
    expect(line([target('x', 'avoid'), target('y', 'use')], undefined, false)).toBe('up ready 100%\n');
  });
});

test('envoy and nginx keep somebody when all are out', () => {
  const targets = [target('x', 'avoid'), target('y', 'avoid')];
  const endpoints = targets.map((t, i) => ({ id: t.id, host: '127.0.0.1', port: 9101 + i }));
  expect(nginx(ask(targets, { endpoints })).body).not.toContain(' down');
  expect(nginx(ask([target('x', 'avoid'), target('y', 'use')], { endpoints })).body).toContain(
    'server 127.0.0.1:9101 down;',
  );
  expect(envoyEds(ask(targets, { endpoints })).body).not.toContain('UNHEALTHY');
  expect(envoyEds(ask([target('x', 'avoid'), target('y', 'use')], { endpoints })).body).toContain(
    'UNHEALTHY',
  );
});
