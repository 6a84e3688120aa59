import type { Dialect } from './dialect.ts';
import { openaiChat } from './openai-chat.ts';

export const dialectTable = {
  'openai-chat': openaiChat,
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialectTable;

export function dialectOf(name: string | null): Dialect | null {
  const wanted = name ?? 'openai-chat';
  return Object.hasOwn(dialectTable, wanted) ? dialectTable[wanted as DialectName] : null;
}
