import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerFor, promptOf } from './answer.ts';
import { CallLog, type SimCall } from './calls.ts';
import { type DialectFace, dialectFaces, type SimDialect } from './dialect-frames.ts';
import { closeServer, listen } from './main.ts';
import { seededRandom } from './random.ts';
import { Script, type Step } from './script.ts';
import { type Frame, readBody, sendJson, sendStream, sleep, strikeEarly, wallMs } from './wire.ts';

export interface DirectOptions {
  /** Decides the shape of errors on paths that name no dialect; calls are recognised by their path. */
  dialect?: SimDialect;
  seed?: number;
  firstTokenMs?: number;
  gapMs?: number;
  port?: number;
  /** Only these keys are good; absent: any. */
  keys?: string[];
  models?: string[];
}

export interface Direct {
  /** Without a version: `{baseUrl}/v1`, `{baseUrl}/v1beta` … are all answered. */
  baseUrl: string;
  port: number;
  script(...steps: Step[]): () => void;
  clearScript(): void;
  calls: SimCall[];
  close(): Promise<void>;
}

interface Face {
  script: Script;
  log: CallLog;
  options: DirectOptions;
  count: number;
}

/** A provider called directly, in every dialect at once. */
export async function startDirect(options: DirectOptions = {}): Promise<Direct> {
  const face: Face = {
    script: new Script(seededRandom(options.seed ?? 1)),
    log: new CallLog(5000),
    options,
    count: 0,
  };
  const server = createServer((req, res) => void serve(face, req, res));
  const port = await listen(server, options.port ?? 0);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    script: (...steps) => face.script.add(...steps),
    clearScript: () => face.script.clear(),
    calls: face.log.list,
    close: () => closeServer(server),
  };
}

function directKey(req: IncomingMessage): string | null {
  const header = req.headers['x-api-key'] ?? req.headers['x-goog-api-key'] ?? req.headers['api-key'];
  if (typeof header === 'string') return header;
  const authorization = req.headers.authorization ?? '';
  return authorization ? authorization.replace(/^Bearer\s+/i, '') : null;
}

const dialectByPath: readonly (readonly [RegExp, SimDialect])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/responses$/, 'openai-responses'],
  [/\/messages$/, 'anthropic-messages'],
  [/:(stream)?generateContent$/i, 'gemini-generateContent'],
  [/\/converse(-stream)?$/, 'bedrock-converse'],
  [/\/chat$/, 'cohere-v2'],
];

function isStreamed(call: SimCall): boolean {
  return call.body.stream === true || /(:streamGenerateContent|\/converse-stream)$/.test(call.path);
}

function modelOf(call: SimCall): string {
  if (typeof call.body.model === 'string') return call.body.model;
  return (
    /\/models?\/([^/:]+(?::\d+)?)(?::\w+|\/converse)/.exec(decodeURIComponent(call.path))?.[1] ??
    'unknown-model'
  );
}

async function serve(face: Face, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://direct');
  res.on('error', () => {});
  const call = face.log.open({
    method: req.method ?? 'GET',
    path: url.pathname,
    key: directKey(req),
    headers: req.headers,
    receivedAtMs: wallMs(),
  });
  try {
    call.body = await readBody(req);
    call.isStreamed = isStreamed(call);
    await serveCall(face, req, res, call);
  } catch (cause) {
    // The far side hung up in the middle of its own request; there is nobody left to tell.
    if (!res.headersSent && !res.destroyed) sendJson(res, call, 500, { error: { message: String(cause) } });
  }
}

async function serveCall(
  face: Face,
  req: IncomingMessage,
  res: ServerResponse,
  call: SimCall,
): Promise<void> {
  const dialect = dialectByPath.find(([pattern]) => pattern.test(call.path))?.[1];
  const speaks: DialectFace = dialectFaces[dialect ?? face.options.dialect ?? 'openai-chat'];
  call.model = dialect ? modelOf(call) : null;
  const step = face.script.atGateway({ path: call.path, model: call.model, key: call.key, isPinned: true });
  const body = step?.status !== undefined && step.status >= 300 ? step.body : undefined;
  const early =
    step && body === undefined && (step.status ?? 0) >= 300 ? withDialectBody(step, speaks) : step;
  if (await strikeEarly(req, res, call, early)) return;
  const isGood = call.key !== null && (face.options.keys?.includes(call.key) ?? true);
  if (!isGood) return refuseKey(speaks, res, call);
  if (!dialect) return sendJson(res, call, 200, modelList(face.options.models ?? ['small-1', 'large-1']));
  await complete(face, { req, res, call, step, speaks });
}

function withDialectBody(step: Step, speaks: DialectFace): Step {
  const status = step.status ?? 500;
  return {
    ...step,
    body: speaks.errorBody(status, status === 429 ? 'Rate limit exceeded' : 'The server had an error'),
  };
}

/** Gemini alone answers a bad key with 400. */
function refuseKey(speaks: DialectFace, res: ServerResponse, call: SimCall): void {
  const status = speaks === dialectFaces['gemini-generateContent'] && call.key !== null ? 400 : 401;
  sendJson(
    res,
    call,
    status,
    speaks.errorBody(status, call.key ? 'Incorrect API key provided' : 'Missing API key'),
  );
}

function modelList(models: string[]): unknown {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: 1_790_000_000, owned_by: 'simulated' })),
    models: models.map((id) => ({ name: `models/${id}` })),
  };
}

interface Completing {
  req: IncomingMessage;
  res: ServerResponse;
  call: SimCall;
  step: Step | null;
  speaks: DialectFace;
}

async function complete(face: Face, { req, res, call, step, speaks }: Completing): Promise<void> {
  face.count += 1;
  const prompt = promptOf(call.body);
  const text = step?.answer ?? answerFor(prompt);
  const said = {
    id: `sim-${face.count}`,
    model: step?.servedModel ?? call.model ?? 'small-1',
    text,
    reasoning: step?.reasoning ?? null,
    inTokens: Math.ceil(prompt.length / 4) + 6,
    outTokens: Math.max(1, Math.ceil(text.length / 4)),
  };
  const firstTokenMs = (face.options.firstTokenMs ?? 0) + (step?.firstTokenDelayMs ?? 0);
  if (!call.isStreamed) {
    await sleep(firstTokenMs);
    return sendJson(res, call, 200, speaks.body(said));
  }
  await sendStream(req, res, call, {
    frames: spoil(speaks.frames(said), step, speaks),
    pace: { headersMs: 0, firstTokenMs, gapMs: step?.tokenGapMs ?? face.options.gapMs ?? 0 },
    headers: { 'content-type': speaks.contentType, 'x-request-id': said.id },
    step,
  });
}

function spoil(frames: Frame[], step: Step | null, speaks: DialectFace): Frame[] {
  const omit = new Set<string>((step?.omit ?? []).map((what) => (what === 'content' ? 'token' : what)));
  const kept = frames.filter((f) => !omit.has(f.role));
  const error = step?.inBand;
  if (!error) return kept;
  const tokensBefore = error.afterTokens ?? 0;
  let seen = 0;
  const before = kept.filter((f) => {
    if (f.role === 'token' || f.role === 'reasoning') seen += 1;
    return seen <= tokensBefore && f.role !== 'finish' && f.role !== 'usage' && f.role !== 'done';
  });
  const bytes = speaks.errorFrame(Number(error.code ?? 500), error.message ?? 'The server had an error');
  return [...before, { role: 'error', bytes }];
}
