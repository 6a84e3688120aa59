import { feedDocument } from '#lib/core/feed-document.ts';
import { wholeFeed } from '#lib/core/feed-query.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import type { Edge } from './edge.ts';
import { statusLines } from './routes/status.ts';

/** What an assistant may ask over the Model Context Protocol. Every tool only reads. */

const longestList = 100;

export interface Tool {
  description: string;
  inputSchema: InputSchema;
  run(edge: Edge, input: Record<string, unknown>): unknown;
}

interface InputSchema {
  type: 'object';
  properties: Record<string, { type: 'string' | 'integer'; description: string }>;
  required: string[];
  additionalProperties: false;
}

const text = (description: string) => ({ type: 'string', description }) as const;
const input = (properties: InputSchema['properties'], required: string[] = []): InputSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

export const tools = {
  status: {
    description: 'Whether OpenRouter and the LLM providers behind it work right now, in ten lines.',
    inputSchema: input({}),
    run: (edge) => statusLines(edge).join('\n'),
  },
  explain: {
    description: 'What an error from an LLM API means, whose fault it is, and what to do about it.',
    inputSchema: input(
      { status: { type: 'integer', description: 'HTTP status' }, body: text('the error as received') },
      ['body'],
    ),
    run: (_edge, { status, body }) =>
      explainError({
        status: typeof status === 'number' ? status : null,
        body: String(body ?? '').slice(0, 65_536),
        gateway: 'openrouter',
      }),
  },
  usable_routes: {
    description: 'Which watched routes to a model may be used now, the best advice first.',
    inputSchema: input({ model: text('model id, such as openai/gpt-5-mini; all when absent') }),
    run: (edge, { model }) => {
      const filters = typeof model === 'string' && model !== '' ? { model: [model.toLowerCase()] } : {};
      const { document } = feedDocument(
        edge.live.facts(),
        { ...wholeFeed, view: 'routing', filters, limit: longestList },
        edge.url,
      );
      const targets = document.targets as {
        id: string;
        state: string;
        advice: { action: string; weight: number };
      }[];
      return targets
        .filter((t) => t.advice.action !== 'avoid')
        .sort((a, b) => b.advice.weight - a.advice.weight)
        .map(({ id, state, advice }) => ({ id, state, action: advice.action, weight: advice.weight }));
    },
  },
} as const satisfies Record<string, Tool>;

/** What is wrong with the arguments of a call, in words the assistant can act on; null when nothing is. */
export function complaint({ inputSchema }: Tool, given: Record<string, unknown>): string | null {
  const { properties, required } = inputSchema;
  const missing = required.find((name) => given[name] === undefined);
  if (missing) return `${missing} is needed`;
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!rule) return `${name.slice(0, 60)} is no argument of this tool`;
    const isGood = rule.type === 'integer' ? Number.isInteger(value) : typeof value === 'string';
    if (!isGood) return `${name} must be ${rule.type === 'integer' ? 'a whole number' : 'text'}`;
  }
  return null;
}
