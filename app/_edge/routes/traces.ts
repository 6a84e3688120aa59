import { readJson } from '../body.ts';
import type { Handler } from '../guard.ts';
import { spansOf } from '../otlp.ts';
import { json } from '../reply.ts';

/** `POST /v1/traces`: OTLP as OpenRouter's Broadcast and LiteLLM send it. An empty request is how they try the address. */
export const traces: Handler = ({ edge, body, nowMs }) => {
  if (body.length > 0)
    // Replayed or misdated spans are no news.
    for (const span of spansOf(readJson(body)))
      if (Math.abs(nowMs - span.atMs) < 3_600_000) edge.traces.add(span);
  return json({ partialSuccess: {} });
};
