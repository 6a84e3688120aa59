import type { Edge } from '../edge.ts';
import type { Exchange, Handler } from '../guard.ts';
import { complaint, type Tool, tools } from '../mcp-tools.ts';
import { json, Problem, type Reply } from '../reply.ts';

/**
 * `POST /mcp`: the Model Context Protocol over HTTP, without sessions and without a stream of our own. Everything in it
 * is public and read only, so it is open to pages of other origins too.
 */

/** Newest first; a client that asks for one of these gets it. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const mostAtOnce = 20;

const parseError = -32_700;
const invalidRequest = -32_600;
const unknownMethod = -32_601;
const invalidParameters = -32_602;

interface Call {
  id: string | number;
  method: string;
  params: Record<string, unknown>;
}

export const mcp: Handler = ({ req, edge, body }) => {
  checkHeaders(req);
  let sent: unknown;
  try {
    sent = JSON.parse(body.toString('utf8'));
  } catch {
    return json(failure(null, parseError, 'the body is not JSON'), {}, 400);
  }
  if (!Array.isArray(sent)) {
    const answer = answerTo(edge, sent);
    const isRefused = answer !== null && 'error' in answer && answer.id === null;
    return answer === null ? accepted : json(answer, {}, isRefused ? 400 : 200);
  }
  if (sent.length === 0 || sent.length > mostAtOnce)
    return json(failure(null, invalidRequest, `from 1 to ${mostAtOnce} messages at once`), {}, 400);
  const answers = sent.map((one) => answerTo(edge, one)).filter((one) => one !== null);
  return answers.length === 0 ? accepted : json(answers);
};

const accepted: Reply = { status: 202, headers: {}, body: null };

function checkHeaders({ headers }: Exchange['req']): void {
  const accept = headers.accept ?? '*/*';
  if (!/application\/(json|\*)|\*\/\*/i.test(accept))
    throw new Problem('not-acceptable', 'accept application/json and text/event-stream');
  const version = headers['mcp-protocol-version'];
  if (version === undefined || versions.includes(String(version))) return;
  throw new Problem('bad-request', `MCP-Protocol-Version must be one of ${versions.join(', ')}`);
}

type Answer =
  | { jsonrpc: '2.0'; id: Call['id']; result: unknown }
  | { jsonrpc: '2.0'; id: Call['id'] | null; error: { code: number; message: string } };

const result = (id: Call['id'], value: unknown): Answer => ({ jsonrpc: '2.0', id, result: value });
const failure = (id: Call['id'] | null, code: number, message: string): Answer => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

/** Null for what wants no answer: notifications, and answers to what we never asked. */
function answerTo(edge: Edge, message: unknown): Answer | null {
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return failure(null, invalidRequest, 'a message is an object');
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  if (jsonrpc !== '2.0') return failure(null, invalidRequest, 'jsonrpc must be "2.0"');
  if (method === undefined && ('result' in message || 'error' in message)) return null;
  if (typeof method !== 'string') return failure(null, invalidRequest, 'method is needed');
  if (!('id' in message)) return null;
  if (typeof id !== 'string' && typeof id !== 'number')
    return failure(null, invalidRequest, 'id must be text or a number');
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  if (params !== undefined && !isObject) return failure(id, invalidParameters, 'params must be an object');
  return answer(edge, { id, method, params: isObject ? (params as Record<string, unknown>) : {} });
}

function answer(edge: Edge, { id, method, params }: Call): Answer {
  switch (method) {
    case 'initialize':
      return result(id, {
        protocolVersion: versions.find((one) => one === params.protocolVersion) ?? versions[0],
        capabilities: { tools: {} },
        serverInfo: { name: 'signalbox', title: edge.settings.title, version: '1.0.0' },
      });
    case 'ping':
      return result(id, {});
    case 'tools/list':
      return result(id, { tools: Object.entries(tools).map(([name, tool]) => listed(name, tool)) });
    case 'tools/call':
      return called(edge, id, params);
    default:
      return failure(id, unknownMethod, 'there is no such method');
  }
}

function listed(name: string, { description, inputSchema }: Tool) {
  return { name, description, inputSchema, annotations: { readOnlyHint: true } };
}

function called(
  edge: Edge,
  id: Call['id'],
  { name, arguments: given = {} }: Record<string, unknown>,
): Answer {
  if (typeof name !== 'string' || !Object.hasOwn(tools, name))
    return failure(
      id,
      invalidParameters,
      `there is no such tool; there are ${Object.keys(tools).join(', ')}`,
    );
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return failure(id, invalidParameters, 'arguments must be an object');
  const tool = (tools as Record<string, Tool>)[name] as Tool;
  const flaw = complaint(tool, given as Record<string, unknown>);
  // The assistant sees a tool's error and can mend its call; a protocol error it does not see.
  if (flaw) return result(id, { content: [{ type: 'text', text: flaw }], isError: true });
  const out = tool.run(edge, given as Record<string, unknown>);
  const said = typeof out === 'string' ? out : JSON.stringify(out, null, 1);
  return result(id, { content: [{ type: 'text', text: said }], isError: false });
}
