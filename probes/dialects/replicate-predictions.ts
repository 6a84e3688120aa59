import { asCount, asList, asObject, asText, dig } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect } from './dialect.ts';

/** `POST /models/{owner}/{name}/predictions`, waited for: there is no stream, so no first token either before the end. */
export const replicatePredictions: Dialect = {
  framing: 'sse',
  end: 'finish',
  ask: (question) => ({
    url: `${question.watched.baseUrl.replace(/\/+$/, '')}/models/${question.watched.wireModel ?? ''}/predictions`,
    headers: { 'content-type': 'application/json', prefer: 'wait', ...authHeaders(question) },
    body: JSON.stringify({
      input: { prompt: question.prompt, max_tokens: question.maxTokens, ...question.extra },
    }),
  }),
  readFrame: () => ({}),
  readWhole: (body) => {
    const status = asText(body.status);
    if (status === 'failed' || status === 'canceled' || (status === null && body.output === undefined)) {
      return { error: asText(body.error) ? { error: body.error } : body, finish: 'error' };
    }
    const output = Array.isArray(body.output) ? asList(body.output).join('') : (asText(body.output) ?? '');
    return {
      text: output,
      finish: status === 'succeeded' ? 'stop' : null,
      generation: { id: asText(body.id) },
      served: { model: asText(body.model) },
      usage: asObject(body.metrics)
        ? {
            promptTokens: asCount(dig(body, 'metrics', 'input_token_count')),
            completionTokens: asCount(dig(body, 'metrics', 'output_token_count')),
            reasoningTokens: null,
            costUsd: null,
          }
        : null,
    };
  },
};
