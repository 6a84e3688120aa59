/** Settings of a channel, read strictly by hand: the worker's edge has zod, these files have none. */

export interface Problem {
  path: string;
  expected: string;
}

export type Field =
  | { kind: 'text'; isRequired?: boolean; pattern?: RegExp; expected?: string; most?: number }
  | { kind: 'url'; isRequired?: boolean; isHttpsOnly?: boolean }
  | { kind: 'flag' }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'number'; from: number; to: number }
  | { kind: 'texts'; most: number }
  | { kind: 'table' }
  | { kind: 'any' };

export type Read = { ok: true; values: Record<string, unknown> } | { ok: false; problems: Problem[] };

export function readSettings(raw: Record<string, unknown>, fields: Record<string, Field>): Read {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(fields, key))
      problems.push({ path: key, expected: `one of the keys ${Object.keys(fields).join(', ')}` });
  }
  for (const [key, field] of Object.entries(fields)) {
    const value = raw[key];
    if (value === undefined || value === null) {
      if ('isRequired' in field && field.isRequired) problems.push({ path: key, expected: sayField(field) });
      continue;
    }
    const problem = misfit(field, value);
    if (problem === null) values[key] = value;
    else problems.push({ path: key, expected: problem });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function sayField(field: Field): string {
  switch (field.kind) {
    case 'text':
      return field.expected ?? 'a text';
    case 'url':
      return field.isHttpsOnly ? 'an https address' : 'an http or https address';
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${field.values.join(', ')}`;
    case 'number':
      return `a number from ${field.from} to ${field.to}`;
    case 'texts':
      return `a list of at most ${field.most} texts`;
    case 'table':
      return 'a mapping of names to texts';
    case 'any':
      return 'a value';
    default:
      return field satisfies never;
  }
}

function misfit(field: Field, value: unknown): string | null {
  return fits(field, value) ? null : sayField(field);
}

function fits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'text':
      return isLine(value, field.most ?? 2_000) && (field.pattern?.test(value) ?? true);
    case 'url':
      return isLine(value, 2_000) && isWebUrl(value, field.isHttpsOnly ?? false);
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && field.values.includes(value);
    case 'number':
      return typeof value === 'number' && value >= field.from && value <= field.to;
    case 'texts':
      return Array.isArray(value) && value.length <= field.most && value.every((one) => isLine(one, 2_000));
    case 'table':
      return isTable(value) && Object.values(value).every((one) => isLine(one, 2_000));
    case 'any':
      return true;
    default:
      return field satisfies never;
  }
}

function isLine(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= most &&
    !/[\u0000-\u001f\u007f]/.test(value)
  );
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isWebUrl(text: string, isHttpsOnly: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.protocol !== 'https:' && (isHttpsOnly || url.protocol !== 'http:')) return false;
  return url.username === '' && url.password === '';
}
