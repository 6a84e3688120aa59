/** Who may import whom, as data: `lib/architecture.test.ts` executes it over the whole tree. */

export interface RoomRule {
  /** Path prefix of the importing file; the longest match decides. */
  room: string;
  /** Prefixes of our own files it may import. */
  own: string[];
  /** Prefixes that may be imported for their types only. */
  typesOnly?: string[];
  node: boolean;
}

export const rooms: RoomRule[] = [
  { room: 'lib/core/', own: ['lib/core/'], node: false },
  { room: 'lib/client/', own: ['lib/client/'], node: false },
  { room: 'lib/', own: ['lib/'], node: true },
  { room: 'db/', own: ['lib/core/', 'lib/store.ts', 'db/'], node: true },
  { room: 'probes/', own: ['lib/', 'probes/', 'db/open.ts'], node: true },
  {
    room: 'app/_edge/',
    own: [
      'app/_edge/',
      'app/_data/',
      'lib/core/',
      'lib/ops/',
      'lib/store.ts',
      'lib/config/',
      'lib/log.ts',
      'lib/redact.ts',
      'lib/seal.ts',
      'lib/signing.ts',
      'lib/exports/',
      'lib/words/',
      'db/open.ts',
    ],
    node: true,
  },
  {
    room: 'app/_data/',
    own: ['app/', 'lib/core/', 'lib/words/'],
    typesOnly: ['lib/store.ts', 'lib/config/schema.ts'],
    node: false,
  },
  { room: 'app/', own: ['app/', 'lib/core/', 'lib/words/'], node: false },
];

/** Packages and the places that may use them; one that is not listed may be used nowhere. */
export const packages: Record<string, string[]> = {
  'drizzle-orm': ['db/sqlite/', 'drizzle.config.ts'],
  'drizzle-kit': ['drizzle.config.ts'],
  'better-sqlite3': ['db/sqlite/'],
  undici: ['lib/http'],
  zod: ['lib/config/', 'probes/', 'app/_edge/'],
  yaml: ['lib/config/'],
  pino: ['lib/log.ts'],
  'ipaddr.js': ['lib/', 'app/_edge/'],
  nodemailer: ['lib/notify/'],
  'node-cron': ['probes/', 'lib/config/'],
  'eventsource-parser': ['probes/'],
  'fast-xml-parser': ['probes/'],
  aws4fetch: ['probes/'],
  'prom-client': ['app/_edge/'],
  feed: ['app/_edge/'],
  'ical-generator': ['app/_edge/'],
  next: ['app/', 'next.config.ts'],
  react: ['app/'],
  'react-dom': ['app/'],
  recharts: ['app/'],
};

/** Nothing here is bound by the tables: tests, the test kit, launchers, benchmarks. */
export function isExempt(path: string): boolean {
  return (
    /\.(test|contract|check)\.tsx?$/.test(path) ||
    /^(bin|e2e|bench|deploy|lib\/testing)\//.test(path) ||
    /^vitest(\.\w+)?\.config\.ts$/.test(path)
  );
}

export interface Import {
  specifier: string;
  isTypeOnly: boolean;
}

/** Every static import, re-export and literal dynamic import of a source text. */
export function importsOf(source: string): Import[] {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const statement = /(?:^|\n|;)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?['"]([^'"]+)['"]/g;
  for (const match of text.matchAll(statement))
    found.push({ specifier: match[2] as string, isTypeOnly: match[1] !== undefined });
  // `import('x').T` in a type position is a type import; an awaited or called one is not told apart, and counts as real.
  for (const match of text.matchAll(/(:\s*|<|\|\s*|&\s*|\()?import\(\s*['"]([^'"]+)['"]\s*\)(\.\w+)?/g))
    found.push({
      specifier: match[2] as string,
      isTypeOnly: match[3] !== undefined && /[A-Z]/.test(match[3][1] ?? ''),
    });
  for (const match of text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ specifier: match[1] as string, isTypeOnly: false });
  return found;
}

/** `#lib/x` and relative specifiers → a path from the top of the tree; null for packages and node:. */
export function ownPath(from: string, specifier: string): string | null {
  const alias = /^#(lib|db|probes|app)\/(.*)$/.exec(specifier);
  if (alias) return `${alias[1]}/${alias[2]}`;
  if (!specifier.startsWith('.')) return null;
  const parts = from.split('/').slice(0, -1);
  for (const piece of specifier.split('/')) {
    if (piece === '..') parts.pop();
    else if (piece !== '.') parts.push(piece);
  }
  return parts.join('/');
}

/** The sentence that names what is wrong with one import, or null. */
export function violation(path: string, { specifier, isTypeOnly }: Import): string | null {
  const rule = rooms.filter((r) => path.startsWith(r.room)).sort((a, b) => b.room.length - a.room.length)[0];
  if (specifier.startsWith('node:'))
    return rule && !rule.node ? `${path} may not import ${specifier}: its room has no I/O` : null;
  const own = ownPath(path, specifier);
  if (own !== null) {
    if (!rule) return null;
    if (rule.own.some((prefix) => own.startsWith(prefix))) return null;
    if (isTypeOnly && rule.typesOnly?.some((prefix) => own.startsWith(prefix))) return null;
    return `${path} may not import ${own}`;
  }
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] as string);
  const allowed = packages[name];
  if (!allowed) return `${path} imports ${name}, which the package table does not list`;
  return allowed.some((prefix) => path.startsWith(prefix))
    ? null
    : `${path} may not import the package ${name}`;
}

/** What the pure core may not even mention. */
export function impurity(path: string, source: string): string | null {
  if (!path.startsWith('lib/core/')) return null;
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/g, "''");
  const word =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bprocess\.|\bMath\.random\b|\bperformance\.|^\s*(?:export\s+)?(?:abstract\s+)?class\s/m.exec(
      code,
    );
  return word ? `${path} is pure and may not use ${word[0].trim()}` : null;
}
