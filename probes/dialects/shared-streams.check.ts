import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnswerReader } from '../kinds/answer-reader.ts';
import { type DialectName, dialectTable } from './table.ts';

/** Every recorded stream through its dialect, in pieces that fall anywhere. Complaints, one line each. */
export function checkSharedStreams(folder: string): string[] {
  return ['http-samples/streams', 'openrouter/sse'].flatMap((part) => {
    const path = join(folder, part);
    if (!existsSync(path)) return [];
    const files = readdirSync(path).filter((file) => /\.(?:sse|b64)\.txt$/.test(file));
    return files.flatMap((file) => checkStream(path, file) ?? []);
  });
}

function dialectOfFile(file: string): DialectName {
  if (file.startsWith('bedrock-converse')) return 'bedrock-converse';
  if (file.includes('responses')) return 'openai-responses';
  if (file.startsWith('anthropic')) return 'anthropic-messages';
  if (/^(?:gemini|vertex)/.test(file)) return 'gemini-generateContent';
  return file.startsWith('cohere') ? 'cohere-v2' : 'openai-chat';
}

/** The name says what the stream is; what it must be read as follows from that. */
function checkStream(path: string, file: string): string | null {
  const text = readFileSync(join(path, file));
  const bytes = file.endsWith('.b64.txt') ? Buffer.from(text.toString(), 'base64') : text;
  const dialect = dialectTable[dialectOfFile(file)];
  const reader = createAnswerReader(dialect);
  for (let at = 0; at < bytes.length; at += 37) {
    if (reader.feed(bytes.subarray(at, at + 37), at) === 'stop') break;
  }
  reader.finish(bytes.length);
  const { error, isOutput, hasReasoning, finish, isEnd, usage } = reader.reading;
  const isBad = /error|overloaded|exception/.test(file);
  if (isBad !== (error !== null))
    return `${file}: ${isBad ? 'no error found' : 'an error where there is none'}`;
  if (isBad) return null;
  if (file.includes('truncated')) return finish === null && !isEnd ? null : `${file}: taken for whole`;
  const hasTokens = isOutput || hasReasoning || (usage?.completionTokens ?? 0) > 0;
  if (!hasTokens) return `${file}: no token`;
  return finish === null ? `${file}: no finish` : null;
}
