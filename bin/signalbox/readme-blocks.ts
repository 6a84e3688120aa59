import { readFileSync } from 'node:fs';

/** What a reader may type, taken out of a document: its blocks, and what stands between backticks in its sentences. */

export interface Block {
  language: string;
  text: string;
}

export const readme = readFileSync('README.md', 'utf8');

export function blocksOf(document: string): Block[] {
  return [...document.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

export function blocks(language: string): string[] {
  return blocksOf(readme)
    .filter((block) => block.language === language)
    .map(({ text }) => text);
}

/** One line to type each; what is joined by `&&` stays joined. */
export function typedLines(): string[] {
  return blocks('sh')
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

export function inlineCode(document: string): string[] {
  const prose = document.replace(/^```[\s\S]*?^```$/gm, '');
  return [...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code))];
}

/**
 * Where each line of the README is really executed: `shell` in a shell, to its end; `server` in a shell, until it has
 * printed its promise and shown a page; `clone` like that in a clone of its own; `suite` is the test run itself.
 */
export const howRun: Record<string, 'shell' | 'server' | 'clone' | 'suite'> = {
  'npm ci --omit=dev && npm start': 'clone',
  'OPENROUTER_API_KEY=sk-or-v1-... npm start': 'server',
  'npm run demo': 'server',
  'npx signalbox ask': 'shell',
  'npx signalbox ask --model openai/gpt-5-nano --no-call': 'shell',
  "npx signalbox explain --status 401 'User not found.'": 'shell',
  'npx signalbox doctor': 'shell',
  'npm ci && npm test': 'suite',
};
