import { builtInRules } from '../core/decide.ts';
import type { Config } from './schema.ts';

type Rule = (typeof builtInRules)[number];

/** The built-in alert rules, and those of the file: one of the same name takes a built-in one's place. */
export function rulesWith(own: Config['rules']): Rule[] {
  const made = own.map(
    ({ name, when, scope, over, above, below, slo }): Rule => ({
      name,
      when,
      scope,
      over,
      ...(above === undefined ? {} : { above }),
      ...(below === undefined ? {} : { below }),
      ...(slo === undefined ? {} : { slo }),
    }),
  );
  const named = new Set(made.map(({ name }) => name));
  return [...builtInRules.filter(({ name }) => !named.has(name)), ...made];
}
