import { feedDocument } from '#lib/core/feed-document.ts';
import { wholeFeed } from '#lib/core/feed-query.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { readJson } from '../body.ts';
import type { Edge } from '../edge.ts';
import type { Handler } from '../guard.ts';
import { json, Problem, type Reply } from '../reply.ts';
import { statusLines } from './status.ts';

/** `POST /mcp`: the Model Context Protocol over HTTP without sessions. Its tools only read. */

const version = '2025-06-18';
const longestList = 100;

interface Tool {
  description: string;
  inputSchema: Record<string, unknown>;
  run(edge: Edge, input: Record<string, unknown>): unknown;
}

const text = (description: string) => ({ type: 'string', description });
const input = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const tools = {
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

interface Call {
  id?: string | number | null;
  method?: unknown;
  params?: { name?: unknown; arguments?: Record<string, unknown>; protocolVersion?: unknown };
}

export const mcp: Handler = ({ edge, body }) => {
  const call = readJson(body) as Call;
  if (typeof call !== 'object' || call === null || Array.isArray(call) || typeof call.method !== 'string')
    throw new Problem('invalid-body', 'one JSON-RPC request at a time', {
      errors: [{ field: 'method', detail: 'is needed' }],
    });
  if (call.id === undefined) return { status: 202, headers: {}, body: null };
  return answer(edge, call.method, call);
};

function answer(edge: Edge, method: string, { id, params }: Call): Reply {
  const result = (value: unknown) => json({ jsonrpc: '2.0', id, result: value });
  switch (method) {
    case 'initialize':
      return result({
        protocolVersion: version,
        capabilities: { tools: {} },
        serverInfo: { name: 'signalbox', title: edge.settings.title, version: '1.0.0' },
      });
    case 'ping':
      return result({});
    case 'tools/list':
      return result({
        tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
          name,
          description,
          inputSchema,
          annotations: { readOnlyHint: true },
        })),
      });
    case 'tools/call': {
      const name = String(params?.name ?? '');
      if (!Object.hasOwn(tools, name))
        return json({ jsonrpc: '2.0', id, error: { code: -32602, message: 'there is no such tool' } });
      const out = (tools as Record<string, Tool>)[name]?.run(edge, params?.arguments ?? {});
      const said = typeof out === 'string' ? out : JSON.stringify(out, null, 1);
      return result({ content: [{ type: 'text', text: said }], isError: false });
    }
    default:
      return json({ jsonrpc: '2.0', id, error: { code: -32601, message: 'there is no such method' } });
  }
}
