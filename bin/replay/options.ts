import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { type Policy, policyProblem, policyWith } from '#lib/core/policy.ts';
import { type Rule, readRules } from './rules.ts';

export interface NamedPolicy {
  name: string;
  policy: Policy;
}

export interface Options {
  /** A path, or `-` for standard input. */
  file: string;
  hasSummary: boolean;
  hasCircuits: boolean;
  policies: NamedPolicy[];
  isComparison: boolean;
  /** Alert rules to be tried on the file; null: none are. */
  rules: Rule[] | null;
}

export const usage = `usage: npm run --silent replay -- FILE [--summary] [--circuits] [--policy P] [--compare A B] [--rules R]

FILE   observations, one JSON object per line; - reads standard input
--circuits  every circuit that would have opened, and whether it was right, on standard error
R      the built-in alert rules with those of this YAML file (its \`rules:\`, or a list); \`default\`: the built-in ones.
       What they say is printed as notices, with the rule's name
P A B  default, a YAML or JSON file of policy numbers, or name=value,name=value`;

export function parseOptions(argv: string[], callersFolder: string): Options | { problem: string } {
  const files: string[] = [];
  const names: string[] = [];
  let hasSummary = false;
  let hasCircuits = false;
  let isComparison = false;
  let rules: Rule[] | null = null;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--rules') {
      i += 1;
      const read = readRules(argv[i] ?? '', callersFolder);
      if ('problem' in read) return read;
      rules = read.rules;
      continue;
    }
    const wanted = word === '--policy' ? 1 : word === '--compare' ? 2 : 0;
    if (wanted > 0) {
      names.push(...argv.slice(i + 1, i + 1 + wanted));
      isComparison ||= wanted === 2;
      i += wanted;
    } else if (word === '--summary') hasSummary = true;
    else if (word === '--circuits') hasCircuits = true;
    else if (word.startsWith('--')) return { problem: `unknown option ${word}` };
    else files.push(word);
  }
  if (files.length !== 1) return { problem: files.length === 0 ? 'no FILE was given' : 'more than one FILE' };
  if (isComparison && names.length !== 2) return { problem: '--compare wants two policies' };
  const policies: NamedPolicy[] = [];
  for (const name of names.length > 0 ? names : ['default']) {
    const read = readPolicy(name, callersFolder);
    if ('problem' in read) return read;
    policies.push(read);
  }
  const file = files[0] === '-' ? '-' : resolve(callersFolder, files[0]!);
  return { file, hasSummary, hasCircuits, policies, isComparison, rules };
}

function readPolicy(name: string, folder: string): NamedPolicy | { problem: string } {
  try {
    const numbers = name === 'default' ? {} : numbersOf(name, folder);
    const problems = Object.entries(numbers).flatMap(([key, value]) => policyProblem(key, value) ?? []);
    if (problems.length > 0) return { problem: `${name}: ${problems.join('; ')}` };
    return { name, policy: policyWith(numbers).policy };
  } catch (error) {
    return { problem: `${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function numbersOf(name: string, folder: string): Record<string, number> {
  const raw: unknown = name.includes('=')
    ? Object.fromEntries(name.split(',').map((pair) => pair.split('=').map((part) => part.trim())))
    : parse(readFileSync(resolve(folder, name), 'utf8'));
  if (typeof raw !== 'object' || raw === null) throw new Error('holds no numbers by name');
  // A whole configuration file serves as well as its policy part alone.
  const part = 'policy' in raw && typeof raw.policy === 'object' && raw.policy !== null ? raw.policy : raw;
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(part)) {
    const number = Number(value);
    if (!Number.isFinite(number)) throw new Error(`${key} is no number`);
    numbers[key] = number;
  }
  return numbers;
}
