import type { DialectFace } from './face.ts';
import { anthropic } from './face-anthropic.ts';
import { bedrock } from './face-bedrock.ts';
import { cohere } from './face-cohere.ts';
import { gemini } from './face-gemini.ts';
import { openAiChat, responses } from './face-openai.ts';

export type { DialectFace, DirectAnswer } from './face.ts';
export { eventMessage } from './face-bedrock.ts';

/** Every dialect a simulated provider speaks. */
export const dialectFaces = {
  'openai-chat': openAiChat,
  'openai-responses': responses,
  'anthropic-messages': anthropic,
  'gemini-generateContent': gemini,
  'bedrock-converse': bedrock,
  'azure-openai': openAiChat,
  'cohere-v2': cohere,
} as const satisfies Record<string, DialectFace>;
export type SimDialect = keyof typeof dialectFaces;
