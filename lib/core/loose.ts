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

/** What cannot be counted exactly is no count. */
export function asCount(value: unknown): number | null {
  const number = asNumber(value);
  return number === null || number < 0 || number > Number.MAX_SAFE_INTEGER ? null : Math.round(number);
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
  if (!/^[[{"\dtfn-]/.test(trimmed) || !isTame(trimmed)) return undefined;
  try {
    return JSON.parse(trimmed);
  } catch {
    return undefined;
  }
}

const longText = 65_536;
const maxDepth = 500;
const maxMembers = 20_000;

/** No honest document is as deep or as wide as this, and the parser takes seconds over one that is. */
function isTame(text: string): boolean {
  if (text.length < longText) return true;
  // Per open bracket: members so far, or far below zero in a list, which may be long.
  const members = new Int32Array(maxDepth);
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22:
        i = endOfString(text, i);
        break;
      case 0x7b:
      case 0x5b:
        depth += 1;
        if (depth >= maxDepth) return false;
        members[depth] = text.charCodeAt(i) === 0x7b ? 0 : -0x7fffffff;
        break;
      case 0x7d:
      case 0x5d:
        depth = Math.max(0, depth - 1);
        break;
      case 0x2c:
        members[depth] = (members[depth] ?? 0) + 1;
        if ((members[depth] ?? 0) > maxMembers) return false;
        break;
      default:
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i >= 0; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return i;
  }
  return text.length;
}
