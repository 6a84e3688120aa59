import type { Watched } from '#lib/core/fleet.ts';
import { asCount, asList, asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import { authHeaders } from './auth.ts';
import type { Dialect, Piece, Usage } from './dialect.ts';
import { finishWord } from './finish-words.ts';

/** `:streamGenerateContent?alt=sse`, on AI Studio and on Vertex; there is no end marker but the finish and the close. */
export const geminiGenerateContent: Dialect = {
  framing: 'sse',
  end: 'finish',
  ask: (question) => {
    const { watched, prompt, maxTokens, isStreamed, extra } = question;
    const verb = isStreamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
    const isVertex = isOnVertex(watched);
    const fallback = isVertex ? bearer : apiKey;
    return {
      url: `${modelUrl(watched)}:${verb}`,
      headers: { 'content-type': 'application/json', ...authHeaders(question, fallback) },
      body: JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: prompt }] }],
        generationConfig: {
          maxOutputTokens: maxTokens,
          ...(watched.isReasoningMandatory ? {} : { temperature: 0, ...thinkingOff(watched) }),
        },
        ...extra,
      }),
    };
  },
  readFrame: (frame) => readResponse(frame),
  readWhole: (body) => readResponse(body),
};

const bearer = { kind: 'bearer', header: 'authorization', extra: {} } as const;
const apiKey = { kind: 'header', header: 'x-goog-api-key', extra: {} } as const;

function isOnVertex(watched: Watched): boolean {
  return watched.target.provider === 'google-vertex' || asText(watched.options.project) !== null;
}

function modelUrl(watched: Watched): string {
  const base = watched.baseUrl.replace(/\/+$/, '');
  const model = encodeURIComponent((watched.wireModel ?? '').replace(/^models\//, ''));
  if (!isOnVertex(watched)) return `${base}/models/${model}`;
  const project = asText(watched.options.project) ?? '';
  const location = asText(watched.options.location) ?? watched.target.region ?? 'global';
  // The address without a place serves only `global`; every other place has an address of its own.
  const host = location === 'global' ? base : base.replace('//aiplatform.', `//${location}-aiplatform.`);
  return `${host}/projects/${encodeURIComponent(project)}/locations/${location}/publishers/google/models/${model}`;
}

/** 2.5 thinks unless told not to; other families refuse the field. */
function thinkingOff({ wireModel }: Watched): Loose {
  return /gemini-2\.5-flash/.test(wireModel ?? '') ? { thinkingConfig: { thinkingBudget: 0 } } : {};
}

function readResponse(frame: Loose): Piece {
  if (frame.error) return { error: frame };
  const piece: Piece = {
    served: { model: asText(frame.modelVersion) },
    generation: { id: asText(frame.responseId) },
  };
  const candidate = asObject(asList(frame.candidates)[0]);
  for (const part of asList(dig(candidate, 'content', 'parts'))) readPart(asObject(part), piece);
  piece.finish = finishWord(asText(candidate?.finishReason));
  const blocked = asText(dig(frame, 'promptFeedback', 'blockReason'));
  if (blocked && !candidate)
    piece.error = { error: { code: 400, type: 'content_filter', message: `prompt blocked: ${blocked}` } };
  const usage = asObject(frame.usageMetadata);
  if (usage) piece.usage = readUsage(usage);
  return piece;
}

function readPart(part: Loose | null, piece: Piece): void {
  const text = asText(part?.text);
  if (text && part?.thought === true) piece.reasoning = (piece.reasoning ?? '') + text;
  else if (text) piece.text = (piece.text ?? '') + text;
  if (asObject(part?.functionCall)) piece.isOutput = true;
}

function readUsage(usage: Loose): Usage {
  const said = asCount(usage.candidatesTokenCount);
  const thought = asCount(usage.thoughtsTokenCount);
  return {
    promptTokens: asCount(usage.promptTokenCount),
    completionTokens: said === null && thought === null ? null : (said ?? 0) + (thought ?? 0),
    reasoningTokens: thought,
    costUsd: null,
  };
}
