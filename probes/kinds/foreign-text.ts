import { parseJson } from '#lib/core/loose.ts';
import type { ErrorFacts } from '#lib/core/observation.ts';
import { cleanLine, type Redact } from '#lib/redact.ts';

/** Of a page meant for people, its title; of plain text, its beginning. */
export function foreignText(raw: string, redact: Redact): string | null {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(raw.slice(0, 20_000))?.[1];
  return cleanLine(title ?? raw.slice(0, 4_096).replace(/<[^>]*>/g, ' '), redact, 200) || null;
}

export function bodyKindOf(raw: string): Exclude<ErrorFacts['body'], null> {
  const trimmed = raw.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return 'empty';
  if (parseJson(trimmed) !== undefined) return 'json';
  return /^<(?:!doctype|!--|html|\?xml|head|body)/i.test(trimmed) ? 'html' : 'text';
}
