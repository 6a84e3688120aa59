/** The fault cases as tests report them: a test whose name begins with an id (`K7: …`) shows that case. */

export interface TestResult {
  fullName: string;
  title: string;
  status: string;
}

export interface FaultRow {
  id: string;
  shown: string[];
  passed: number;
  failed: number;
}

const groups: Record<string, string> = {
  N: 'network',
  T: 'TLS',
  H: 'HTTP',
  S: 'streams',
  P: 'payloads',
  C: 'clocks and schedule',
  D: 'database and disk',
  K: 'killed',
  W: 'workers',
  V: 'verdicts',
  A: 'alerts',
  U: 'unfriendly users',
  F: 'readers of the feed',
};

const named =
  /(?:^|\s)((?:[NTHSPCDKWAUF]\d{1,2}|V[B\d])(?:[,–-]\s?(?:[NTHSPCDKWAUF]\d{1,2}|V[B\d]))*)(?:[:,]| –)\s(.+)$/;

const id = String.raw`(?:[NTHSPCDKWAUF]\d{1,2}|V[B\d])`;
const titled = new RegExp(`['"\`]${id}(?:[,–-] ?${id})*[:,]? `);

/** A file of tests with a title that begins with an id. */
export function mayShow(source: string): boolean {
  return titled.test(source);
}

export function rowsOf(results: TestResult[]): FaultRow[] {
  const rows = new Map<string, FaultRow>();
  for (const { fullName, title, status } of results) {
    const match = named.exec(title) ?? named.exec(fullName);
    if (!match) continue;
    for (const id of (match[1] as string).split(/[,–-]\s?/)) {
      const row = rows.get(id) ?? { id, shown: [], passed: 0, failed: 0 };
      if (row.shown.length < 2) row.shown.push(match[2] as string);
      if (status === 'passed') row.passed++;
      else if (status === 'failed') row.failed++;
      rows.set(id, row);
    }
  }
  return [...rows.values()].sort((a, b) => order(a.id) - order(b.id));
}

function order(id: string): number {
  return Object.keys(groups).indexOf(id[0] as string) * 1000 + (Number(id.slice(1)) || 999);
}

export function markdown(rows: FaultRow[]): string {
  const lines = ['| case | what the test shows | result |', '|---|---|---|'];
  for (const { id, shown, passed, failed } of rows) {
    const text = [...new Set(shown)].join('; ').replaceAll('|', '\\|');
    lines.push(
      `| ${id} ${groups[id[0] as string]} | ${text} | ${failed > 0 ? `**${failed} failed**` : `${passed} passed`} |`,
    );
  }
  return lines.join('\n');
}

/** Cases of the plan, as many of each kind as it has. */
const planned: Record<string, number> = {
  N: 11,
  T: 4,
  H: 6,
  S: 10,
  P: 6,
  C: 8,
  D: 11,
  K: 12,
  W: 6,
  V: 9,
  A: 15,
  U: 16,
};
const ids = [
  ...Object.entries(planned).flatMap(([kind, most]) =>
    Array.from({ length: most }, (_, i) => `${kind}${i + 1}`),
  ),
  'VB',
];

/** Shown by something slower than a test, or by nothing yet. */
const elsewhere: Record<string, string> = {
  A10: '`npm run load -- L6`',
  D11: '`npm run bench -- history`',
};

/** The cases that no test shows, each with what shows it instead. */
export function missing(rows: FaultRow[]): string {
  const shown = new Set(rows.map(({ id }) => id));
  const list = ids.filter((id) => !shown.has(id));
  const lines = list.map((id) => `${id} (${elsewhere[id] ?? 'not shown yet'})`);
  const all = `${ids.length - list.length} of the plan’s ${ids.length} cases are shown by tests.`;
  return lines.length === 0 ? all : `${all} The others: ${lines.join(', ')}.`;
}

const begin = '<!-- faults: made by "npm run fault-table", do not edit -->';
const end = '<!-- /faults -->';

/** Replaces what stands between the two marks; null when a mark is missing. */
export function withTable(readme: string, table: string): string | null {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) return null;
  return `${readme.slice(0, from + begin.length)}\n${table}\n${readme.slice(to)}`;
}
