import type { ModelFact } from '../core/plan.ts';

/** Models as the catalogue calls them: exports and bills name the dated slug, which the catalogue knows beside its id. */
export function listedNames(models: readonly ModelFact[] | undefined, names: readonly string[]): string[] {
  const known = new Set(models?.map(({ id }) => id));
  const bySlug = new Map<string, string>();
  // Of the variants of one model the plain one comes first.
  for (const { id, canonicalSlug } of models ?? [])
    if (canonicalSlug && (!bySlug.has(canonicalSlug) || !id.includes(':'))) bySlug.set(canonicalSlug, id);
  const nameOf = (name: string): string => {
    const [slug = name, variant] = name.split(':');
    const id = bySlug.get(slug);
    const full = id && variant && !id.includes(':') ? `${id}:${variant}` : id;
    return known.has(name) || !full ? name : known.has(full) ? full : (id as string);
  };
  return [...new Set(names.map(nameOf))];
}
