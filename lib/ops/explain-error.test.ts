import { describe, expect, it } from 'vitest';
import { explainError } from './explain-error.ts';

const explain = (body: string, status: number | null = null, gateway = 'openrouter') =>
  explainError({ status, body, gateway });

describe('a pasted error', () => {
  it.each<[string, string, number | null, string]>([
    ['the 401 that has two meanings', '{"error":{"message":"User not found.","code":401}}', 401, 'A2'],
    ['no key', '{"error":{"message":"Missing Authentication header","code":401}}', null, 'A1'],
    ['no credit', '{"error":{"message":"Insufficient credits","code":402}}', 402, 'A6'],
    [
      'a named provider',
      '{"error":{"code":502,"message":"Provider returned error","metadata":{"provider_name":"DeepInfra"}}}',
      502,
      'G3',
    ],
    ['a bare 500', '{"error":{"code":500,"message":"Internal Server Error"}}', 500, 'G2'],
    [
      'an upstream limit',
      '{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"Groq","raw":"rate-limited upstream"}}}',
      429,
      'R3',
    ],
    [
      'the free quota',
      '{"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day"}}',
      null,
      'R1',
    ],
    [
      'an exception with JSON inside',
      'openai.AuthenticationError: Error code: 401 - {"error":{"message":"User not found.","code":401}}',
      null,
      'A2',
    ],
    [
      'an edge page',
      '<!doctype html><title>520: Web server is returning an unknown error</title>',
      520,
      'T2',
    ],
    [
      'a frame of a stream',
      'data: {"choices":[],"error":{"code":503,"message":"Upstream error from Nebius: overloaded"}}',
      200,
      'G3',
    ],
    // Seen red: what stands inside a choice was not looked for.
    [
      'an answer cut off by an error that stands inside its choice',
      '{"choices":[{"message":{"content":"partial"},"finish_reason":"error","error":{"code":502,"message":"Provider disconnected mid-stream","metadata":{"error_type":"provider_unavailable"}}}]}',
      200,
      'G3',
    ],
    ['a status and nothing else', '', 504, 'G5'],
    ['a finish that is an error', '{"choices":[{"finish_reason":"error"}]}', 200, 'S1'],
  ])('is understood: %s', (_what, body, status, rule) => {
    expect(explain(body, status).rule).toBe(rule);
  });

  it('is never repeated with a key in it', () => {
    const key = `sk-or-v1-${'0a1b2c3d'.repeat(8)}`;
    const answer = explain(`{"error":{"message":"Incorrect API key provided: ${key}","code":401}}`, 401);
    expect(JSON.stringify(answer)).not.toContain('0a1b2c3d');
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"error":null}',
    '{"error":[]}',
    '\u0000\u202e',
    '{"__proto__":1}',
    '9'.repeat(70_000),
    '{"a":'.repeat(5_000),
  ])('may be rubbish: an answer all the same', (body) => {
    expect(explain(body).title.length).toBeGreaterThan(3);
  });

  it('from a provider called directly never blames a gateway', () => {
    expect(explain('{"error":{"message":"boom"}}', 500, 'direct').fault).not.toBe('gateway');
  });
});
