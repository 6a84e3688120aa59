import { readJson } from '../body.ts';
import type { Handler } from '../guard.ts';
import { spansOf } from '../otlp.ts';
import { json, Problem } from '../reply.ts';

/** `POST /v1/traces`: OTLP as OpenRouter's Broadcast and LiteLLM send it. An empty request is how they try the address. */
export const traces: Handler = ({ edge, body, nowMs }) => {
  const request = body.length > 0 ? readRequest(body) : {};
  // Replayed or misdated spans are no news.
  for (const span of spansOf(request)) if (Math.abs(nowMs - span.atMs) < 3_600_000) edge.traces.add(span);
  return json({ partialSuccess: {} });
};

/** Permissive inside, but what is no export request at all is refused: its sender would think it is heard. */
function readRequest(body: Buffer): unknown {
  const request = readJson(body);
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw wrong('', 'must be an object with resourceSpans');
  const { resourceSpans } = request as { resourceSpans?: unknown };
  if (resourceSpans != null && !Array.isArray(resourceSpans)) throw wrong('resourceSpans', 'must be a list');
  return request;
}

function wrong(field: string, detail: string): Problem {
  return new Problem('invalid-body', `${field || 'the body'} ${detail}`, { errors: [{ field, detail }] });
}
