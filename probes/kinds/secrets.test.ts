import { afterEach, expect, test } from 'vitest';
import { createRedact } from '#lib/redact.ts';
import { type Loopback, serveHttp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { type DialectName, dialectTable } from '../dialects/table.ts';
import { probeTable } from './table.ts';

const key = 'zq7-Kx9+canary/0123456789=secret';
let server: Loopback | null = null;
afterEach(() => server?.close());

const echoes = [key, encodeURIComponent(key), btoa(`user:${key}`), key.slice(3, 20), `Bearer ${key}`];

/** Everything anybody reads, with the key in it. */
function echoOf(text: string): Record<string, unknown> {
  const part = { text, thinking: text, content: text };
  return {
    id: text,
    model: text,
    provider: text,
    type: text,
    object: text,
    system_fingerprint: text,
    modelVersion: text,
    responseId: text,
    status: text,
    stopReason: text,
    stop_reason: text,
    finish_reason: text,
    label: text,
    data: { label: text, limit_reset: text },
    choices: [{ delta: { content: text, reasoning: text }, message: { content: text }, finish_reason: text }],
    candidates: [{ content: { parts: [part] }, finishReason: text }],
    output: { message: { content: [part] } },
    usage: { cost: 0.1, completion_tokens: 3 },
    openrouter_metadata: { attempts: [{ provider: text, status: 500 }] },
  };
}

const failing = (text: string) => ({
  ...echoOf(text),
  error: {
    message: `no: ${text}`,
    code: text,
    type: text,
    status: text,
    metadata: { provider_name: text, limit_source: text, error_type: text, raw: `{"error":"${text}"}` },
  },
});

function survives(kept: string): boolean {
  for (const spelling of [key, encodeURIComponent(key), btoa(`user:${key}`).slice(8, -2)]) {
    for (let i = 0; i + 8 <= spelling.length; i += 1)
      if (kept.includes(spelling.slice(i, i + 8))) return true;
  }
  return false;
}

const looks: [string, Parameters<typeof watchedTarget>[0], DialectName | null][] = [
  ...(Object.keys(dialectTable) as DialectName[]).map((name): [string, 'completion', DialectName] => [
    `completion in ${name}`,
    'completion',
    name,
  ]),
  ['account', 'account', null],
  ['catalog', 'catalog', null],
  ['capability', 'capability', 'openai-chat'],
  ['drift', 'drift', 'openai-chat'],
  ['reported', 'reported', null],
  ['control', 'control', null],
  ['http', 'http', null],
];

test.each(looks)('%s: a key echoed in every field is in none that is kept', async (_name, probe, dialect) => {
  for (const [i, echo] of echoes.entries()) {
    const isFailing = i % 2 === 1;
    server = await serveHttp((_req, res) => {
      const body = JSON.stringify(isFailing ? failing(echo) : echoOf(echo));
      const headers = {
        'x-generation-id': echo,
        'cf-ray': echo,
        'cf-cache-status': echo,
        'x-provider-name': echo,
      };
      res.writeHead(isFailing ? 401 : 200, headers).end(i > 1 ? `data: ${body}\n\n` : body);
    });
    const watched = watchedTarget(
      probe,
      { gateway: 'openrouter', provider: 'p', model: 'a/m' },
      {
        baseUrl: server.url,
        dialect,
        options: {
          isOpenRouter: true,
          ability: 'answer',
          endpoints: [{ tag: 'x' }, { tag: 'y' }],
          models: ['a/m'],
          expect: {},
        },
      },
    );
    const kept = JSON.stringify(
      await probeTable[probe](watched, probeIo({ key, redact: createRedact([key]) })),
    );
    server.close();
    expect(survives(kept) ? kept : '').toBe('');
  }
});
