import type { Guard, GuardTable } from './guard.ts';

export interface Found {
  guard: Guard;
  parts: Record<string, string>;
  /** The table's own name for this path. */
  pattern: string;
}

interface Row {
  pattern: string;
  expression: RegExp;
  names: string[];
  guards: Map<string, Guard>;
}

/** The guard table as something to ask: which line answers this method and path, and which methods the path has. */
export class Router {
  #exact = new Map<string, Row>();
  #rows: Row[] = [];

  constructor(table: GuardTable) {
    const rows = new Map<string, Row>();
    for (const [key, guard] of Object.entries(table)) {
      const [method = '', pattern = ''] = key.split(' ');
      const row = rows.get(pattern) ?? makeRow(pattern);
      row.guards.set(method, guard);
      rows.set(pattern, row);
    }
    for (const row of rows.values())
      if (row.names.length === 0) this.#exact.set(row.pattern, row);
      else this.#rows.push(row);
  }

  methods(path: string): string[] {
    const found = this.#row(path);
    if (!found) return [];
    const methods = [...found.row.guards.keys()];
    return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((m) => m !== 'GET')] : methods;
  }

  find(method: string, path: string): Found | null {
    const asked = method === 'HEAD' ? 'GET' : method;
    const found = this.#row(path, asked) ?? this.#row(path);
    const guard = found?.row.guards.get(asked);
    return found && guard ? { guard, parts: found.parts, pattern: found.row.pattern } : null;
  }

  /** With a method only rows that answer it: a form and the page it stands on may be at one address. */
  #row(path: string, method?: string): { row: Row; parts: Record<string, string> } | null {
    const answers = (row: Row): boolean => method === undefined || row.guards.has(method);
    const exact = this.#exact.get(path);
    if (exact && answers(exact)) return { row: exact, parts: {} };
    for (const row of this.#rows) {
      const match = row.expression.exec(path);
      if (!match || !answers(row)) continue;
      const parts: Record<string, string> = {};
      row.names.forEach((name, i) => {
        parts[name] = decoded(match[i + 1] ?? '');
      });
      return { row, parts };
    }
    return null;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function makeRow(pattern: string): Row {
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as string);
  const source = pattern
    .split(/(\{\w+\})/)
    .map((piece) => (/^\{\w+\}$/.test(piece) ? '([^/]{1,400})' : piece.replace(/[.*+?^$()|[\]\\]/g, '\\$&')))
    .join('');
  return { pattern, expression: new RegExp(`^${source}$`), names, guards: new Map() };
}
