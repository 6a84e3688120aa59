/** Taking along what somebody configured elsewhere: a fragment of signalbox.yaml, and what could not come. */

export interface Moved {
  /** As signalbox.yaml says it. */
  config: Record<string, unknown>;
  /** One sentence each. */
  left: string[];
}

/** A name in the environment: of all that is written into the new file only this is looked up. */
export class EnvName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * As the file says it. Somebody else's text may hold `${…}`: a dollar of it stays a dollar, or an address made for that
 * would carry a key of this machine away.
 */
export function written(value: unknown): unknown {
  if (value instanceof EnvName) return `\${${value.name}}`;
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written(one)]));
}

export function moved(config: Loose, left: string[]): Moved {
  return { config: written(config) as Loose, left };
}

/** An address we would call: http or https, and no password in it. null: not one of those. */
export function addressOf(value: unknown): { url: string; hadSecret: boolean } | null {
  const text = asText(value);
  if (!text || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username === '' && url.password === '') return { url: text, hadSecret: false };
  url.username = '';
  url.password = '';
  return { url: url.href, hadSecret: true };
}

export type Loose = Record<string, unknown>;

export function asObject(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

const longestName = 60;

/** A name that signalbox.yaml takes, and that nobody has yet. */
export function slugFor(name: string, taken: Set<string>): string {
  const base =
    name
      .slice(0, longestName)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+|-+$/g, '') || 'unnamed';
  let slug = base;
  for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
  taken.add(slug);
  return slug;
}

const shortestS = 5;
const longestS = 7 * 86_400;

/** Seconds → `90s`, `5m`, `1h`, within what an interval may be; what was asked for and is not, is said. */
export function intervalOf(seconds: number, name: string, left: string[]): string {
  const within = Math.min(longestS, Math.max(shortestS, Math.round(seconds)));
  if (within !== Math.round(seconds)) left.push(`"${name}": its interval becomes ${durationOf(within)}`);
  return durationOf(within);
}

function durationOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
