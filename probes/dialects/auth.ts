import { asObject, asText, dig, type Loose } from '#lib/core/loose.ts';
import type { Question } from './dialect.ts';

/** The headers that carry the key, as the preset says; a plain bearer where nothing is said. */
export function authHeaders(
  { watched, key }: Pick<Question, 'watched' | 'key'>,
  fallback: AuthStyle = bearer,
): Record<string, string> {
  const style = styleOf(watched.options) ?? fallback;
  const headers: Record<string, string> = { ...style.extra };
  if (key === null) return headers;
  headers[style.header.toLowerCase()] = style.kind === 'bearer' ? `Bearer ${key}` : key;
  return headers;
}

export interface AuthStyle {
  kind: 'bearer' | 'header' | 'sigv4';
  header: string;
  extra: Record<string, string>;
}

const bearer: AuthStyle = { kind: 'bearer', header: 'authorization', extra: {} };

export function styleOf(options: Loose): AuthStyle | null {
  const auth = asObject(options.auth);
  const header = asText(auth?.header);
  if (!auth || !header) return null;
  const kind = auth.kind === 'header' || auth.kind === 'sigv4' ? auth.kind : 'bearer';
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(asObject(auth.extra) ?? {})) {
    const filled = fill(value, options);
    if (filled !== null) extra[name.toLowerCase()] = filled;
  }
  return { kind, header, extra };
}

/** `@{slug}` and the like are the operator's to fill in; an unfilled one is left out. */
function fill(value: unknown, options: Loose): string | null {
  let isComplete = typeof value === 'string';
  const filled = String(value).replace(/\{(\w+)\}/g, (_all, name: string) => {
    const found = asText(dig(options, name));
    if (found === null) isComplete = false;
    return found ?? '';
  });
  return isComplete ? filled : null;
}
