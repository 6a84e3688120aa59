import { asList, asObject, asText, slugFor } from './mover.ts';

/** What stands in order: fallbacks, groups of several deployments, and other names of them. */

/** Group → its steps, as signalbox.yaml names routes. */
export type Steps = Map<string, string[]>;

interface Work {
  root: Record<string, unknown>;
  steps: Steps;
  left: string[];
  /** A model that only a wildcard covers becomes a route when a fallback names it. */
  routeOf(model: string): string | null;
}

export function chainsOf({ root, steps, left, routeOf }: Work): Record<string, string[]> {
  const settings = { ...asObject(root.litellm_settings), ...asObject(root.router_settings) };
  addAliases(settings.model_group_alias, steps, left);
  const chains: Record<string, string[]> = {};
  const taken = new Set<string>();
  const add = (name: string, list: string[]): void => {
    const whole = [...new Set(list)];
    if (whole.length > 1) chains[slugFor(name, taken)] = whole;
  };
  const stepsOf = (name: string): string[] => {
    const known = steps.get(name) ?? [routeOf(name)].filter((route) => route !== null);
    if (known.length > 0) steps.set(name, known);
    return known;
  };
  const told = new Set<string>();
  const byDefault = asList(settings.default_fallbacks)
    .map(asText)
    .filter((name) => name !== null);
  for (const rule of asList(settings.fallbacks)) {
    for (const [from, to] of Object.entries(asObject(rule))) {
      const named = asList(to).map(
        (one) => asText(one) ?? asText(asObject(one).model) ?? 'something without a name',
      );
      if (from === '*') {
        byDefault.push(...named);
        continue;
      }
      const names = [from, ...named];
      const missing = names.filter((name) => stepsOf(name).length === 0);
      if (missing.length > 0)
        left.push(`fallbacks of "${from}": ${missing.join(', ')} could not be taken along`);
      told.add(from);
      add(from, names.flatMap(stepsOf));
    }
  }
  const missing = byDefault.filter((name) => stepsOf(name).length === 0);
  if (missing.length > 0) left.push(`default_fallbacks: ${missing.join(', ')} could not be taken along`);
  const last = byDefault.flatMap(stepsOf);
  for (const [group, list] of [...steps])
    if (!told.has(group) && (list.length > 1 || (last.length > 0 && !byDefault.includes(group))))
      add(group, [...list, ...last]);
  return chains;
}

/** `gpt-4: gpt-4o`, or `gpt-4: { model: gpt-4o, hidden: true }`. */
function addAliases(aliases: unknown, steps: Steps, left: string[]): void {
  for (const [alias, one] of Object.entries(asObject(aliases))) {
    const target = asText(one) ?? asText(asObject(one).model) ?? '';
    const list = steps.get(target);
    if (!list) left.push(`model_group_alias "${alias}": ${target || 'nothing'} could not be taken along`);
    else if (!steps.has(alias)) steps.set(alias, list);
  }
}
