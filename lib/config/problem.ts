/** What is wrong with a configuration, in words that name the place, the value and what was expected. */

export interface ConfigFlaw {
  /** `gateways.openrouter.every.catalog` */
  path: string;
  line: number | null;
  column: number | null;
  value: unknown;
  expected: string;
  /** Said instead, where no single value is at fault. */
  problem?: string;
}

export class ConfigProblem extends Error {
  readonly code = 'config_invalid';
  readonly permanent = true;
  readonly file: string | null;
  readonly flaws: ConfigFlaw[];

  constructor(file: string | null, flaws: ConfigFlaw[]) {
    super(flaws.map((flaw) => flawSentence(file, flaw)).join('\n'));
    this.file = file;
    this.flaws = flaws;
  }
}

export function flawSentence(file: string | null, flaw: ConfigFlaw): string {
  const place = flaw.line === null ? (file ?? 'environment') : `${file}:${flaw.line}:${flaw.column}`;
  if (flaw.problem) return `${place}: ${flaw.problem}.`;
  const what = flaw.path === '' ? 'the file' : `"${flaw.path}"`;
  return `${place}: ${what} is ${describe(flaw.value, flaw.path)}; expected ${flaw.expected}.`;
}

/** Never shows what may be a secret. */
function describe(value: unknown, path: string): string {
  if (value === undefined) return 'missing';
  if (/key|token|secret|password|webhook|smtp/i.test(path)) return 'not usable';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
