import { createRequire } from 'node:module';
import type { XMLParser } from 'fast-xml-parser';

let parser: XMLParser | null = null;

/** Loaded with the first page that needs it: as one file, and not while the first looks are waited for. */
function xmlParser(): XMLParser {
  if (parser) return parser;
  const load = createRequire(import.meta.url);
  const { XMLParser: Parser } = load('fast-xml-parser') as typeof import('fast-xml-parser');
  parser = new Parser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    trimValues: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
  });
  return parser;
}

/** XML as plain objects; null where it is none. Entities are not expanded: a feed has no business defining them. */
export function parseXml(text: string): Record<string, unknown> | null {
  const trimmed = text.replace(/^\uFEFF/, '').trimStart();
  if (!/^<(\?xml|rss|feed|rdf)/i.test(trimmed) || /<!DOCTYPE/i.test(trimmed.slice(0, 4096))) return null;
  try {
    return xmlParser().parse(trimmed) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** The text of an element, with or without attributes. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value === 'object' && value !== null) return textOf((value as Record<string, unknown>)['#text']);
  return null;
}

export function listOf(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value];
  return list.filter((v): v is Record<string, unknown> => typeof v === 'object' && v !== null);
}
