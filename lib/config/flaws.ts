import { z } from 'zod';
import type { ConfigFlaw } from './problem.ts';
import { configSchema } from './schema.ts';

/** What the schema refused, as a place, a value and what was expected there. */

let jsonSchema: object | null = null;

/** The JSON Schema for editors; served at /signalbox.schema.json. */
export function configJsonSchema(): object {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return jsonSchema;
}

function joinPath(keys: PropertyKey[]): string {
  return keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key),
    '',
  );
}

function valueAt(root: unknown, keys: PropertyKey[]): unknown {
  return keys.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

export function flawsOf(issue: z.core.$ZodIssue, root: unknown, missing: Map<string, string>): ConfigFlaw[] {
  const path = joinPath(issue.path);
  const value = valueAt(root, issue.path);
  const at = (p: string, v: unknown, expected: string): ConfigFlaw => ({
    path: p,
    line: null,
    column: null,
    value: v,
    expected,
  });
  const variable = missing.get(path);
  if (variable) return [at(path, undefined, `the environment variable ${variable} to be set`)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      at(path ? `${path}.${key}` : key, valueAt(value, [key]), knownKeys(issue.path, key)),
    );
  if (issue.code === 'invalid_union')
    return [
      at(
        path,
        value,
        issue.errors
          .map((one) => one[0]?.message ?? '')
          .filter(Boolean)
          .join(', or ') || issue.message,
      ),
    ];
  return [at(path, value, expectation(issue))];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'record'
        ? 'a mapping'
        : `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'an http or https address' : issue.message;
    default:
      return issue.message.replace(/^Invalid input: expected /, '');
  }
}

/** "did you mean" for a mistyped key: the known key of that place that differs least. */
function knownKeys(path: PropertyKey[], key: string): string {
  const known = keysAt(path);
  if (known.length === 0) return 'no such key';
  const nearest = known
    .map((one) => ({ one, distance: editDistance(one, key) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = nearest && nearest.distance <= 2 ? ` (did you mean "${nearest.one}"?)` : '';
  return `one of the keys ${known.join(', ')}${hint}`;
}

function keysAt(path: PropertyKey[]): string[] {
  let node: unknown = configJsonSchema();
  for (const key of path) {
    const here = node as {
      properties?: Record<string, unknown>;
      additionalProperties?: unknown;
      items?: unknown;
    };
    node =
      typeof key === 'number' ? here?.items : (here?.properties?.[String(key)] ?? here?.additionalProperties);
    const union = (node as { anyOf?: unknown[] } | undefined)?.anyOf;
    if (union) node = union.find((one) => (one as { type?: string }).type === 'object') ?? node;
  }
  return Object.keys((node as { properties?: object } | undefined)?.properties ?? {});
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
