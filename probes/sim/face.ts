import type { Frame } from './wire.ts';

/** What a provider called directly says, before it is put into its dialect's frames. */
export interface DirectAnswer {
  id: string;
  model: string;
  text: string;
  reasoning: string | null;
  inTokens: number;
  outTokens: number;
}

export interface DialectFace {
  contentType: string;
  frames(answer: DirectAnswer): Frame[];
  body(answer: DirectAnswer): unknown;
  /** An error after a 200, as this dialect frames it. */
  errorFrame(code: number, message: string): string | Uint8Array;
  errorBody(status: number, message: string): unknown;
}

/** Server-sent events, with and without a name. */
export const sse = 'text/event-stream';
export const named = (event: string, value: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
export const plain = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
