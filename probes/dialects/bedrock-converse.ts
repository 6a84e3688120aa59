import { AwsV4Signer } from 'aws4fetch';
import { asCount, asList, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import type { Asked, Dialect, Piece, Question, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';

/** `POST /model/{id}/converse-stream`: signed, or with a Bedrock key as a bearer; binary frames; `metadata` comes after the end. */
export const bedrockConverse: Dialect = {
  framing: 'aws-eventstream',
  end: 'finish',
  ask: (question) => {
    const { watched, prompt, maxTokens, isStreamed, extra } = question;
    const verb = isStreamed ? 'converse-stream' : 'converse';
    const body = JSON.stringify({
      messages: [{ role: 'user', content: [{ text: prompt }] }],
      inferenceConfig: { maxTokens, ...(watched.isReasoningMandatory ? {} : { temperature: 0 }) },
      ...extra,
    });
    const url = `${watched.baseUrl.replace(/\/+$/, '')}/model/${encodeURIComponent(watched.wireModel ?? '')}/${verb}`;
    return authorize(question, { url, headers: { 'content-type': 'application/json' }, body });
  },
  readFrame: readEvent,
  readWhole: (body) => {
    const finish = finishWord(asText(body.stopReason));
    if (finish === null) return { error: body };
    const parts = asList(dig(body, 'output', 'message', 'content'));
    return {
      text: parts.map((part) => asText(dig(part, 'text')) ?? '').join(''),
      isOutput: parts.some((part) => asObject(dig(part, 'toolUse')) !== null),
      finish,
      usage: readUsage(asObject(body.usage)),
    };
  },
};

/** `id:secret` or `id:secret:session` is signed; anything else is a bearer. */
async function authorize({ key, watched, nowMs }: Question, asked: Asked): Promise<Asked> {
  if (key === null) return asked;
  const [accessKeyId, secretAccessKey, ...session] = key.split(':');
  if (!/^A[A-Z]{3}[A-Z0-9]{8,}$/.test(accessKeyId ?? '') || !secretAccessKey) {
    return { ...asked, headers: { ...asked.headers, authorization: `Bearer ${key}` } };
  }
  const region =
    /bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.amazonaws/.exec(watched.baseUrl)?.[1] ??
    asText(watched.options.region) ??
    'us-east-1';
  const signer = new AwsV4Signer({
    method: 'POST',
    url: asked.url,
    headers: asked.headers,
    body: asked.body,
    accessKeyId: accessKeyId as string,
    secretAccessKey,
    ...(session.length ? { sessionToken: session.join(':') } : {}),
    service: 'bedrock',
    region,
    datetime: new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  const headers = Object.fromEntries(new Headers(signed.headers as HeadersInit).entries());
  // The socket's own layer writes the host.
  const { host: _host, ...kept } = headers;
  return { ...asked, headers: kept };
}

function readEvent(frame: Loose, event: string | null): Piece {
  if (event?.startsWith('exception:')) {
    const type = event.slice('exception:'.length);
    return {
      error: { error: { type, message: asText(frame.message) ?? asText(frame.originalMessage) ?? type } },
    };
  }
  switch (event) {
    case 'contentBlockStart':
      return asObject(dig(frame, 'start', 'toolUse')) ? { isOutput: true } : {};
    case 'contentBlockDelta':
      return {
        text: asText(dig(frame, 'delta', 'text')) ?? '',
        reasoning: asText(dig(frame, 'delta', 'reasoningContent', 'text')) ?? '',
      };
    case 'messageStop':
      return { finish: finishWord(asText(frame.stopReason)) };
    case 'metadata':
      return { usage: readUsage(asObject(frame.usage)), isEnd: true };
    default:
      return {};
  }
}

function readUsage(usage: Loose | null): Usage | null {
  if (!usage) return null;
  return {
    promptTokens: asCount(usage.inputTokens),
    completionTokens: asCount(usage.outputTokens),
    reasoningTokens: null,
    costUsd: null,
  };
}
