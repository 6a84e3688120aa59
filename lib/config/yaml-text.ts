import { LineCounter, parseDocument } from 'yaml';
import { ConfigProblem } from './problem.ts';

/** The file as YAML: `${NAME}` may stand unquoted anywhere, and nothing in it can blow up. */

export interface YamlText {
  document: ReturnType<typeof parseDocument>;
  lines: LineCounter;
  raw: unknown;
}

const maxAliasCount = 50;

export function parseYamlText(text: string, file: string | null): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(hideBraces(text), { lineCounter: lines, uniqueKeys: true });
  // Whatever follows the first error is mostly its echo.
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw notYaml(file, error.message, line, col);
  }
  return { document, lines, raw: plainOf(document, file) };
}

/** An alias that names nothing, or stands for too much, is noticed only here. */
function plainOf(document: YamlText['document'], file: string | null): unknown {
  try {
    return showBraces(document.toJS({ maxAliasCount }) ?? {}, []);
  } catch (error) {
    throw notYaml(file, error instanceof Error ? error.message : 'unreadable', null, null);
  }
}

function notYaml(
  file: string | null,
  message: string,
  line: number | null,
  column: number | null,
): ConfigProblem {
  const first = showText(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
  const problem = `not readable as YAML: ${first}`;
  return new ConfigProblem(file, [{ path: '', line, column, value: undefined, expected: 'YAML', problem }]);
}

// In `{ key: ${NAME} }` the braces are YAML's own. While it reads, others of the same length stand in for them.
const opening = '\uE000';
const closing = '\uE001';

function hideBraces(text: string): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, `$$${opening}$1${closing}`);
}

function showText(text: string): string {
  return text.replaceAll(opening, '{').replaceAll(closing, '}');
}

function showBraces(node: unknown, within: readonly unknown[]): unknown {
  if (typeof node === 'string') return showText(node);
  if (node === null || typeof node !== 'object') return node;
  if (within.includes(node)) throw new Error('an alias stands inside what it names');
  const inside = [...within, node];
  if (Array.isArray(node)) return node.map((item) => showBraces(item, inside));
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [showText(key), showBraces(item, inside)]),
  );
}
