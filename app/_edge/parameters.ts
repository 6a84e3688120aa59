import { Problem, type ProblemError } from './reply.ts';

/** What one query parameter may be. Everything else is a 400 that names it: typing errors must be loud. */
export type ParameterRule =
  | { kind: 'one'; values: readonly string[]; about: string }
  | { kind: 'list'; values?: readonly string[]; about: string }
  | { kind: 'number'; min: number; max: number; about: string }
  | { kind: 'time'; about: string }
  | { kind: 'text'; max: number; pattern?: RegExp; about: string }
  | { kind: 'flag'; about: string };

export type ParameterRules = Readonly<Record<string, ParameterRule>>;
export type Parameters = ReadonlyMap<string, string>;

const longestList = 200;

function complaint(name: string, value: string, rule: ParameterRule): string | null {
  switch (rule.kind) {
    case 'one':
      return rule.values.includes(value.toLowerCase())
        ? null
        : `${name} must be one of ${rule.values.join(', ')}`;
    case 'list': {
      const items = value.toLowerCase().split(',');
      if (items.length > longestList) return `${name} may list at most ${longestList} values`;
      if (items.some((item) => item === '')) return `${name} must be a comma list without empty values`;
      const wrong = rule.values && items.find((item) => !rule.values?.includes(item));
      return wrong ? `${name} must be one of ${rule.values?.join(', ')}` : null;
    }
    case 'number': {
      const isGood = /^\d{1,15}$/.test(value) && Number(value) >= rule.min && Number(value) <= rule.max;
      return isGood ? null : `${name} must be a whole number from ${rule.min} to ${rule.max}`;
    }
    case 'time':
      return parseTime(value) === null ? `${name} must be a time such as 2026-11-20T18:00:00Z` : null;
    case 'text':
      if (value.length > rule.max) return `${name} may have at most ${rule.max} characters`;
      return !rule.pattern || rule.pattern.test(value) ? null : `${name} has a wrong form`;
    case 'flag':
      return ['', '0', '1', 'true', 'false'].includes(value) ? null : `${name} must be true or false`;
    default:
      return rule satisfies never;
  }
}

/** ISO 8601 or whole epoch seconds. */
export function parseTime(value: string): number | null {
  if (/^\d{9,11}$/.test(value)) return Number(value) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(value)) return null;
  const ms = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(value) || value.length === 10 ? value : `${value}Z`);
  return Number.isFinite(ms) ? ms : null;
}

/** A short, printable piece of what was sent; the whole is never reflected. */
function shown(value: string): string {
  return value.replace(/[^\x20-\x7e]|[<>&]/g, '?').slice(0, 60);
}

/** Strict: unknown names, repeated names and wrong values are all said at once. */
export function readParameters(search: string, rules: ParameterRules): Parameters {
  const found = new Map<string, string>();
  if (search === '' || search === '?') return found;
  const errors: ProblemError[] = [];
  for (const [name, value] of new URLSearchParams(search)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) errors.push({ parameter: shown(name), detail: `'${shown(name)}' is not a parameter here` });
    else if (found.has(name)) errors.push({ parameter: name, detail: `${name} was given twice` });
    else {
      found.set(name, value);
      const detail = complaint(name, value, rule);
      if (detail) errors.push({ parameter: name, detail: `'${shown(value)}' is not allowed: ${detail}` });
    }
    if (errors.length >= 20) break;
  }
  if (errors.length > 0) throw new Problem('invalid-parameter', errors[0]?.detail ?? '', { errors });
  return found;
}

export function listOf(parameters: Parameters, name: string): string[] | undefined {
  const value = parameters.get(name);
  return value === undefined ? undefined : [...new Set(value.toLowerCase().split(','))];
}

export function numberOf(parameters: Parameters, name: string, otherwise: number): number {
  const value = parameters.get(name);
  return value === undefined ? otherwise : Number(value);
}

export function timeOf(parameters: Parameters, name: string): number | null {
  const value = parameters.get(name);
  return value === undefined ? null : parseTime(value);
}
