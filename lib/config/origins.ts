import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** Where each value of the configuration in force came from; what is in neither is a default. Paths as in `chains.chat.0`. */
export interface Origins {
  /** The file that was read; null where there is none. */
  file: string | null;
  /** Path → the environment variable that gave it. */
  environment: Map<string, string>;
  /** Path → the line of the file that gave it. */
  lines: Map<string, number>;
}

export const noOrigins: Origins = { file: null, environment: new Map(), lines: new Map() };

/** `chains.chat[0]`, as flaws name a place, in the spelling of the origins. */
export function dotted(path: string): string {
  return path.replace(/\[(\d+)\]/g, '.$1');
}

/** Every leaf that stands in the file, with its line. Aliases are followed no further: their own line is said. */
export function linesOf(root: unknown, counter: LineCounter): Map<string, number> {
  const lines = new Map<string, number>();
  const note = (path: string, node: unknown): void => {
    const range = (node as Partial<Node> | null)?.range;
    if (path !== '' && range) lines.set(path, counter.linePos(range[0]).line);
  };
  const walk = (path: string, node: unknown): void => {
    const under = (key: unknown): string => (path === '' ? String(key) : `${path}.${String(key)}`);
    note(path, node);
    if (isMap(node))
      for (const { key, value } of node.items) {
        const name = under(isScalar(key) ? key.value : key);
        walk(name, value);
        if (!lines.has(name)) note(name, key);
      }
    else if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(under(i), item);
  };
  walk('', root);
  return lines;
}
