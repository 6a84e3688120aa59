import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { isNode } from 'yaml';
import { channelFlaws } from './channel-flaws.ts';
import { flawsOf } from './flaws.ts';
import { dotted, linesOf, type Origins } from './origins.ts';
import { ConfigProblem } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import { senseFlaws } from './sense-flaws.ts';
import { substitute } from './substitute.ts';
import { parseYamlText, type YamlText } from './yaml-text.ts';

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
  /** Where each value came from. */
  origins?: Origins;
}

const maxBytes = 1_000_000;

/** Reads file and environment, strictly and once. Throws a ConfigProblem that names every flaw. */
export function loadConfig({ env, cwd }: { env: Env; cwd: string }): Loaded {
  const named = env.SIGNALBOX_CONFIG?.trim();
  const file = resolve(cwd, named || 'signalbox.yaml');
  const text = readText(file, Boolean(named));
  const { config, fromEnv, origins } =
    text === null ? parseConfig('', env, null) : parseConfig(text, env, file);
  const data = config.data;
  return {
    config,
    file: text === null ? null : file,
    dataDir: isAbsolute(data) ? data : resolve(cwd, data),
    databaseUrl: env.DATABASE_URL?.trim() || null,
    fromEnv,
    env,
    origins,
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
): { config: Config; fromEnv: Map<string, string>; origins: Origins } {
  const { document, lines, raw } = parseYamlText(text, file);
  const { value, used, missing } = substitute(raw, env);
  const withEnv = applyEnvironment(value, env, used);
  const parsed = configSchema.safeParse(withEnv);
  const flaws = parsed.success
    ? [...senseFlaws(parsed.data), ...channelFlaws(parsed.data, missing)]
    : parsed.error.issues.flatMap((issue) => flawsOf(issue, withEnv, missing));
  if (parsed.success && flaws.length === 0) {
    const environment = new Map([...used].map(([path, name]) => [dotted(path), name]));
    const origins = { file, environment, lines: linesOf(document.contents, lines) };
    return { config: parsed.data, fromEnv: used, origins };
  }
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

/** The node of a path; of an unknown key its own place, of a missing one that of its parent. */
function nodeAt(
  document: YamlText['document'],
  path: string,
): { range?: [number, number, number] | null } | null {
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
