import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { channelFlaws } from './channel-flaws.ts';
import { type ConfigFlaw, ConfigProblem } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import { substitute } from './substitute.ts';

export type Env = Record<string, string | undefined>;

export interface Loaded {
  config: Config;
  /** The file that was read, null when there is none. */
  file: string | null;
  dataDir: string;
  databaseUrl: string | null;
  /** Path of a value → the environment variable it came from. */
  fromEnv: Map<string, string>;
  env: Env;
}

const maxBytes = 1_000_000;

/** Reads file and environment, strictly and once. Throws a ConfigProblem that names every flaw. */
export function loadConfig({ env, cwd }: { env: Env; cwd: string }): Loaded {
  const named = env.SIGNALBOX_CONFIG?.trim();
  const file = resolve(cwd, named || 'signalbox.yaml');
  const text = readText(file, Boolean(named));
  const { config, fromEnv } = text === null ? parseConfig('', env, null) : parseConfig(text, env, file);
  const data = config.data;
  return {
    config,
    file: text === null ? null : file,
    dataDir: isAbsolute(data) ? data : resolve(cwd, data),
    databaseUrl: env.DATABASE_URL?.trim() || null,
    fromEnv,
    env,
  };
}

function readText(file: string, isRequired: boolean): string | null {
  try {
    if (statSync(file).size > maxBytes) throw flawed(file, 'a file below 1 MB');
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof ConfigProblem) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && !isRequired) return null;
    throw flawed(
      file,
      code === 'ENOENT' ? 'a file that exists (SIGNALBOX_CONFIG names it)' : `a readable file (${code})`,
    );
  }
}

function flawed(file: string, expected: string): ConfigProblem {
  return new ConfigProblem(file, [{ path: '', line: null, column: null, value: undefined, expected }]);
}

export function parseConfig(
  text: string,
  env: Env,
  file: string | null,
): { config: Config; fromEnv: Map<string, string> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, maxAliasCount: 50 } as never);
  if (document.errors.length > 0) {
    throw new ConfigProblem(
      file,
      document.errors.map((error) => {
        const at = lines.linePos(error.pos[0]);
        return {
          path: '',
          line: at.line,
          column: at.col,
          value: 'not YAML',
          expected: error.message.split('\n')[0] ?? 'YAML',
        };
      }),
    );
  }
  const raw = plainOf(document, file);
  const { value, used, missing } = substitute(raw, env);
  const withEnv = applyEnvironment(value, env, used);
  const parsed = configSchema.safeParse(withEnv);
  const flaws = parsed.success
    ? channelFlaws(parsed.data, missing)
    : parsed.error.issues.flatMap((issue) => flawsOf(issue, withEnv, missing));
  if (parsed.success && flaws.length === 0) return { config: parsed.data, fromEnv: used };
  for (const flaw of flaws) {
    const node = nodeAt(document, flaw.path);
    if (node?.range) {
      const at = lines.linePos(node.range[0]);
      flaw.line = at.line;
      flaw.column = at.col;
    }
  }
  throw new ConfigProblem(file, flaws);
}

type Document = ReturnType<typeof parseDocument>;

/** An alias that names nothing, or stands for too much, is noticed only here. */
function plainOf(document: Document, file: string | null): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    const expected = `YAML (${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'})`;
    throw new ConfigProblem(file, [{ path: '', line: null, column: null, value: 'not YAML', expected }]);
  }
}

/** The node of a path; of an unknown key its own place, of a missing one that of its parent. */
function nodeAt(document: Document, path: string): { range?: [number, number, number] | null } | null {
  const keys = pathKeys(path);
  for (let n = keys.length; n >= 0; n--) {
    const key = document.getIn(keys.slice(0, n), true);
    if (isNode(key)) return key as { range?: [number, number, number] | null };
  }
  return null;
}

function pathKeys(path: string): (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([piece]) => (/^\d+$/.test(piece) ? Number(piece) : piece));
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

function flawsOf(issue: z.core.$ZodIssue, root: unknown, missing: Map<string, string>): ConfigFlaw[] {
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

let jsonSchema: object | null = null;

/** The JSON Schema for editors; served at /signalbox.schema.json. */
export function configJsonSchema(): object {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return jsonSchema;
}

/** Environment beats file: PORT, HOST, SIGNALBOX_URL, SIGNALBOX_DATA. */
function applyEnvironment(value: unknown, env: Env, used: Map<string, string>): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const root = { ...(value as Record<string, unknown>) };
  const listen =
    typeof root.listen === 'object' && root.listen !== null ? { ...(root.listen as object) } : {};
  const set = (
    target: Record<string, unknown>,
    key: string,
    path: string,
    name: string,
    parse: (text: string) => unknown,
  ) => {
    const text = env[name]?.trim();
    if (!text) return;
    target[key] = parse(text);
    used.set(path, name);
  };
  set(listen as Record<string, unknown>, 'port', 'listen.port', 'PORT', (text) =>
    /^\d+$/.test(text) ? Number(text) : text,
  );
  set(listen as Record<string, unknown>, 'host', 'listen.host', 'HOST', String);
  set(root, 'url', 'url', 'SIGNALBOX_URL', String);
  set(root, 'data', 'data', 'SIGNALBOX_DATA', String);
  if (Object.keys(listen).length > 0 || root.listen !== undefined)
    root.listen = root.listen === undefined || typeof root.listen === 'object' ? listen : root.listen;
  return root;
}
