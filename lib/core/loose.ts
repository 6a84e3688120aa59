/** Reading what strangers send: whatever is not of the wanted shape is absent, and nothing here throws. */

export type Loose = Record<string, unknown>;

export function asObject(value: unknown): Loose | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null;
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An empty text is no text. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Numbers often come as strings; NaN and the infinities are no numbers. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'string' && !/^\s*-?\d+(\.\d+)?([eE][-+]?\d+)?\s*$/.test(value)) return null;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

export function asCount(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 ? null : Math.round(number);
}

export function asBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : null;
}

/** Digs along names; null as soon as one is missing. */
export function dig(value: unknown, ...names: string[]): unknown {
  let here: unknown = value;
  for (const name of names) here = asObject(here)?.[name];
  return here ?? null;
}

/** ISO text, seconds or milliseconds since 1970 → epoch milliseconds. */
export function asInstantMs(value: unknown): number | null {
  const number = asNumber(value);
  if (number !== null)
    return number <= 0 ? null : number < 1e11 ? Math.round(number * 1000) : Math.round(number);
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** Bytes → text, whatever mark they begin with; never throws. */
export function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** JSON, or undefined where there is none. */
export function parseJson(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[[{"\dtfn-]/.test(trimmed)) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
}
