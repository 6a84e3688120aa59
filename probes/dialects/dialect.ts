import type { Watched } from '#lib/core/fleet.ts';
import type { Loose } from '#lib/core/loose.ts';

/** How one family of APIs speaks: what is sent, and what each of its frames says. Pure; sockets are the probe's. */
export interface Dialect {
  /** How the answer is cut into frames where it is not plain JSON. */
  framing: 'sse' | 'aws-eventstream';
  /** What must have been seen for the answer to be whole: a marker, or a finish reason and a clean close. */
  end: 'marker' | 'marker_or_finish' | 'finish';
  /** false: there is nothing in the answer that could be right or wrong. */
  hasAnswer?: boolean;
  ask(question: Question): Asked | Promise<Asked>;
  /** One frame of a stream. `event` is a hint: many hosts send none. */
  readFrame(frame: Loose, event: string | null): Piece;
  /** A whole answer, where a stream was asked for and JSON came, or none was asked for. */
  readWhole(body: Loose): Piece;
}

export interface Question {
  watched: Watched;
  key: string | null;
  prompt: string;
  maxTokens: number;
  isStreamed: boolean;
  /** Epoch milliseconds, for signatures. */
  nowMs: number;
  /** Merged into the body: what the capability looks ask for beside the prompt. */
  extra?: Loose;
}

export interface Asked {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Usage {
  promptTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  costUsd: number | null;
}

/** What one frame adds. Everything is optional: most frames say one thing. */
export interface Piece {
  text?: string;
  reasoning?: string;
  /** Output that is no text: a tool call, a refusal. */
  isOutput?: boolean;
  /** Arguments of a tool call, as they come. */
  tool?: string;
  finish?: string | null;
  /** The dialect's own end was seen. */
  isEnd?: boolean;
  usage?: Usage | null;
  /** Whatever carries the error, for the extractor. */
  error?: unknown;
  served?: { provider?: string | null; model?: string | null };
  generation?: { id?: string | null; fingerprint?: string | null; quantization?: string | null };
  tried?: { provider: string; status: number | null }[];
}
