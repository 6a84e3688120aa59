import { asCount, asList, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect, Piece, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';

/** `POST /v2/chat`; the end is `message-end`. */
export const cohereV2: Dialect = {
  framing: 'sse',
  end: 'marker',
  ask: (question) => ({
    url: `${question.watched.baseUrl.replace(/\/+$/, '')}/chat`,
    headers: { 'content-type': 'application/json', ...authHeaders(question) },
    body: JSON.stringify({
      model: question.watched.wireModel,
      messages: [{ role: 'user', content: question.prompt }],
      max_tokens: question.maxTokens,
      temperature: 0,
      stream: question.isStreamed,
      ...question.extra,
    }),
  }),
  readFrame: readEvent,
  readWhole: (body) => {
    const finish = finishWord(asText(body.finish_reason));
    if (finish === null) return { error: body };
    const parts = asList(dig(body, 'message', 'content'));
    return {
      text: parts.map((part) => asText(dig(part, 'text')) ?? '').join(''),
      isOutput: asList(dig(body, 'message', 'tool_calls')).length > 0,
      finish,
      isEnd: true,
      usage: readUsage(asObject(body.usage)),
      generation: { id: asText(body.id) },
    };
  },
};

function readEvent(frame: Loose, event: string | null): Piece {
  const type = asText(frame.type) ?? event;
  switch (type) {
    case 'message-start':
      return { generation: { id: asText(frame.id) } };
    case 'content-start':
    case 'content-delta': {
      const content = asObject(dig(frame, 'delta', 'message', 'content'));
      return { text: asText(content?.text) ?? '', reasoning: asText(content?.thinking) ?? '' };
    }
    case 'tool-call-start':
      return { isOutput: true };
    case 'message-end': {
      const finish = finishWord(asText(dig(frame, 'delta', 'finish_reason')));
      const failure = dig(frame, 'delta', 'error');
      return {
        finish,
        isEnd: true,
        usage: readUsage(asObject(dig(frame, 'delta', 'usage'))),
        ...(failure || finish === 'error' ? { error: failure ?? { message: 'finish_reason ERROR' } } : {}),
      };
    }
    default:
      return type === 'error' || (!type && (frame.message || frame.error)) ? { error: frame } : {};
  }
}

function readUsage(usage: Loose | null): Usage | null {
  const tokens = asObject(usage?.tokens) ?? asObject(usage?.billed_units);
  if (!tokens) return null;
  return {
    promptTokens: asCount(tokens.input_tokens),
    completionTokens: asCount(tokens.output_tokens),
    reasoningTokens: null,
    costUsd: null,
  };
}
