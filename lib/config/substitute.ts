/** Replaces `${NAME}` from the environment and `$$` by a dollar, in every text of a parsed document. */

export interface Substituted {
  value: unknown;
  /** Path (`gateways.openrouter.key`) → variable, for every value that came from the environment. */
  used: Map<string, string>;
  /** Path → variable, where the variable is not set. */
  missing: Map<string, string>;
}

const pattern = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export function substitute(document: unknown, env: Record<string, string | undefined>): Substituted {
  const used = new Map<string, string>();
  const missing = new Map<string, string>();

  function text(source: string, path: string): string | null {
    const whole = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(source);
    if (whole) {
      const name = whole[1] as string;
      const found = env[name];
      if (found === undefined || found === '') {
        missing.set(path, name);
        return null;
      }
      used.set(path, name);
      return found;
    }
    return source.replace(pattern, (match, name: string | undefined) => {
      if (match === '$$' || name === undefined) return '$';
      const found = env[name];
      if (found === undefined) missing.set(path, name);
      else used.set(path, name);
      return found ?? '';
    });
  }

  function walk(node: unknown, path: string): unknown {
    if (typeof node === 'string') return text(node, path);
    if (Array.isArray(node)) return node.map((item, index) => walk(item, `${path}[${index}]`));
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => [key, walk(item, path ? `${path}.${key}` : key)]),
    );
  }

  return { value: walk(document, ''), used, missing };
}
