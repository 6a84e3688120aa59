import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { rulesWith } from '#lib/config/rules.ts';
import { ruleSchema } from '#lib/config/schema.ts';

/** Alert rules to be tried on a recording: the built-in ones, and those of a file. */

export type Rule = ReturnType<typeof rulesWith>[number];

export function readRules(name: string, folder: string): { rules: Rule[] } | { problem: string } {
  if (name === 'default') return { rules: rulesWith([]) };
  if (name === '' || name.startsWith('--')) return { problem: '--rules wants a file, or `default`' };
  try {
    const raw: unknown = parse(readFileSync(resolve(folder, name), 'utf8'));
    // A whole configuration file serves as well as its rules alone.
    const list = raw !== null && typeof raw === 'object' && 'rules' in raw ? raw.rules : raw;
    const read = z.array(ruleSchema).safeParse(list);
    if (read.success) return { rules: rulesWith(read.data) };
    const said = read.error.issues.map((issue) => `${issue.path.join('.') || 'rules'}: ${issue.message}`);
    return { problem: `${name}: ${said.join('; ')}` };
  } catch (error) {
    return { problem: `${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
