import { asList, asNumber, asObject, asText, dig } from '#lib/core/loose.ts';
import type { Dialect } from './dialect.ts';
import { chatHeaders, readUsage } from './openai-chat.ts';
import { openRouterBody } from './openrouter.ts';

/** `POST /embeddings`: one vector for one text; there is no stream and nothing to answer. */
export const openaiEmbeddings: Dialect = {
  framing: 'sse',
  end: 'finish',
  hasAnswer: false,
  ask: (question) => ({
    url: `${question.watched.baseUrl.replace(/\/+$/, '')}/embeddings`,
    headers: { ...chatHeaders({ ...question, isStreamed: false }) },
    body: JSON.stringify({
      model: question.watched.wireModel,
      input: question.prompt,
      ...(question.watched.options.isOpenRouter
        ? { provider: openRouterBody(question.watched).provider }
        : {}),
      ...question.extra,
    }),
  }),
  readFrame: () => ({}),
  readWhole: (body) => {
    if (body.error) return { error: body };
    const vector = dig(asList(body.data)[0], 'embedding');
    const isVector =
      asText(vector) !== null || (Array.isArray(vector) && vector.length > 0 && asNumber(vector[0]) !== null);
    const usage = asObject(body.usage);
    return {
      isOutput: isVector,
      finish: isVector ? 'stop' : null,
      served: { model: asText(body.model), provider: asText(body.provider) },
      usage: usage ? readUsage(usage) : null,
      generation: { id: asText(body.id) },
    };
  },
};
