import { anthropicMessages } from './anthropic-messages.ts';
import { azureOpenai } from './azure-openai.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { cohereV2 } from './cohere-v2.ts';
import type { Dialect } from './dialect.ts';
import { geminiGenerateContent } from './gemini-generate-content.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiResponses } from './openai-responses.ts';
import { replicatePredictions } from './replicate-predictions.ts';

export const dialectTable = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-embeddings': openaiEmbeddings,
  'anthropic-messages': anthropicMessages,
  'gemini-generateContent': geminiGenerateContent,
  'bedrock-converse': bedrockConverse,
  'azure-openai': azureOpenai,
  'cohere-v2': cohereV2,
  'replicate-predictions': replicatePredictions,
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialectTable;

/** The dialect of a target; `api` decides where a gateway speaks several. */
export function dialectOf(name: string | null, api?: string | null): Dialect | null {
  if (api === 'embeddings') return openaiEmbeddings;
  const wanted = name ?? 'openai-chat';
  return Object.hasOwn(dialectTable, wanted) ? dialectTable[wanted as DialectName] : null;
}
