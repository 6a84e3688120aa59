import type { IncomingMessage, ServerResponse } from 'node:http';
import { charge } from './account.ts';
import { answerFor, promptOf } from './answer.ts';
import type { SimCall } from './calls.ts';
import type { SimEndpoint } from './catalog.ts';
import { refuse } from './chat.ts';
import { type DialectFace, dialectFaces } from './dialect-frames.ts';
import { candidates, readWish } from './routing.ts';
import { sendJson, sendStream, sleep, strikeEarly } from './wire.ts';
import type { SimWorld } from './world.ts';

/** The gateway's other faces: the same models, asked in somebody else's dialect. */
const faces: Record<string, DialectFace> = {
  '/responses': dialectFaces['openai-responses'],
  '/messages': dialectFaces['anthropic-messages'],
};

export function isOtherFace(path: string): boolean {
  return path === '/embeddings' || Object.hasOwn(faces, path);
}

export async function serveOtherFace(
  world: SimWorld,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
  path: string,
): Promise<void> {
  const { body } = call;
  const wish = readWish(body);
  call.model = typeof body.model === 'string' ? body.model : '';
  call.isPinned = !wish.hasFallbacks;
  call.isStreamed = body.stream === true;
  const facts = { path: call.path, model: call.model, key: call.key, isPinned: call.isPinned };
  const step = world.script.atGateway(facts);
  if (await strikeEarly(req, res, call, step)) return;
  if (refuse(world, res, call)) return;
  if (path === '/embeddings') return serveEmbedding(world, res, call);
  const model = world.catalog.find(call.model);
  const endpoint = model ? candidates(model, wish, () => false)[0] : undefined;
  if (!model || !endpoint) {
    const message = `No endpoints found for ${call.model}.`;
    return sendJson(res, call, 404, { error: { message, code: 404 } });
  }
  call.provider = endpoint.tag;
  const atProvider = world.script.atProvider(facts, endpoint);
  if (await strikeEarly(req, res, call, atProvider)) return;
  await answer(world, { req, res, call, endpoint, face: faces[path] as DialectFace });
}

interface Answering {
  req: IncomingMessage;
  res: ServerResponse;
  call: SimCall;
  endpoint: SimEndpoint;
  face: DialectFace;
}

async function answer(world: SimWorld, { req, res, call, endpoint, face }: Answering): Promise<void> {
  const prompt = promptOf(call.body);
  const text = answerFor(prompt);
  const said = {
    id: world.nextId('gen'),
    model: call.model ?? '',
    text,
    reasoning: null,
    inTokens: Math.ceil(prompt.length / 4) + 6,
    outTokens: Math.max(1, Math.ceil(text.length / 4)),
  };
  charge(world.account, said.inTokens * endpoint.promptUsd + said.outTokens * endpoint.completionUsd);
  const firstTokenMs = endpoint.firstTokenMs * world.latencyScale;
  if (!call.isStreamed) {
    await sleep(firstTokenMs);
    return sendJson(res, call, 200, face.body(said));
  }
  const pace = { headersMs: 0, firstTokenMs, gapMs: (1000 / endpoint.tokensPerSecond) * world.latencyScale };
  const headers = { 'content-type': face.contentType, 'x-generation-id': said.id };
  await sendStream(req, res, call, { frames: face.frames(said), pace, headers, step: null });
}

/** A short vector is a vector. */
function serveEmbedding(world: SimWorld, res: ServerResponse, call: SimCall): void {
  const tokens = Math.ceil(promptOf(call.body).length / 4) + 1;
  sendJson(res, call, 200, {
    id: world.nextId('gen-emb'),
    object: 'list',
    model: call.model,
    provider: 'OpenAI',
    data: [{ object: 'embedding', index: 0, embedding: [0.01, -0.02, 0.03, 0.04] }],
    usage: { prompt_tokens: tokens, total_tokens: tokens, cost: tokens * 2e-8 },
  });
}
