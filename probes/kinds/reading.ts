import type { Piece, Usage } from '../dialects/dialect.ts';

/** What an answer has said so far, with the instants at which it said it. Bounded, whatever comes. */
export interface Reading {
  text: string;
  outputChars: number;
  hasReasoning: boolean;
  isOutput: boolean;
  /** Arguments of the first tool calls, joined. */
  tool: string;
  finish: string | null;
  isEnd: boolean;
  usage: Usage | null;
  /** The first error; later ones are its consequences. */
  error: unknown;
  served: { provider: string | null; model: string | null };
  generation: { id: string | null; fingerprint: string | null; quantization: string | null };
  tried: { provider: string; status: number | null }[];
  firstReasoningMonoMs: number | null;
  firstTokenMonoMs: number | null;
  lastOutputMonoMs: number | null;
  worstGapMs: number | null;
}

const maxTextChars = 4_096;

export function blankReading(): Reading {
  return {
    text: '',
    outputChars: 0,
    hasReasoning: false,
    isOutput: false,
    tool: '',
    finish: null,
    isEnd: false,
    usage: null,
    error: null,
    served: { provider: null, model: null },
    generation: { id: null, fingerprint: null, quantization: null },
    tried: [],
    firstReasoningMonoMs: null,
    firstTokenMonoMs: null,
    lastOutputMonoMs: null,
    worstGapMs: null,
  };
}

/** Folds one piece in. Reasoning, text and tool calls are output; everything else proves only that the line lives. */
export function addPiece(reading: Reading, piece: Piece, monoMs: number): void {
  if (piece.reasoning) {
    reading.hasReasoning = true;
    reading.outputChars += piece.reasoning.length;
    reading.firstReasoningMonoMs ??= monoMs;
  }
  if (piece.text || piece.isOutput) {
    reading.isOutput = true;
    reading.outputChars += piece.text?.length ?? 0;
    reading.firstTokenMonoMs ??= monoMs;
  }
  if (piece.text && reading.text.length < maxTextChars) {
    reading.text = (reading.text + piece.text).slice(0, maxTextChars);
  }
  if (piece.tool && reading.tool.length < maxTextChars) {
    reading.tool = (reading.tool + piece.tool).slice(0, maxTextChars);
  }
  if (piece.reasoning || piece.text || piece.isOutput) noteOutput(reading, monoMs);
  // The usage frame may carry a second, emptier finish: the first one counts, but an error outweighs it.
  if (piece.finish === 'error') reading.finish = 'error';
  else reading.finish ??= piece.finish ?? null;
  reading.isEnd ||= piece.isEnd ?? false;
  reading.usage = mergeUsage(reading.usage, piece.usage ?? null);
  reading.error ??= piece.error ?? null;
  reading.served.provider ??= piece.served?.provider ?? null;
  reading.served.model ??= piece.served?.model ?? null;
  reading.generation.id ??= piece.generation?.id ?? null;
  reading.generation.fingerprint ??= piece.generation?.fingerprint ?? null;
  reading.generation.quantization ??= piece.generation?.quantization ?? null;
  if (piece.tried) reading.tried = piece.tried;
}

/** The silence before this instant, when output had begun. */
export function noteOutput(reading: Reading, monoMs: number): void {
  if (reading.lastOutputMonoMs !== null) {
    reading.worstGapMs = Math.max(reading.worstGapMs ?? 0, monoMs - reading.lastOutputMonoMs);
  }
  reading.lastOutputMonoMs = monoMs;
}

/** Usage comes in parts (Anthropic), grows (Perplexity) or comes at the end: the latest number of each kind counts. */
function mergeUsage(known: Usage | null, next: Usage | null): Usage | null {
  if (!known || !next) return known ?? next;
  return {
    promptTokens: next.promptTokens ?? known.promptTokens,
    completionTokens: next.completionTokens ?? known.completionTokens,
    reasoningTokens: next.reasoningTokens ?? known.reasoningTokens,
    costUsd: next.costUsd ?? known.costUsd,
  };
}
