/**
 * A model has many names; whoever compares routes must know which names are one model. The canonical name is the
 * slug without author, variant, date and host prefix, versions written with dots: `claude-haiku-4.5`.
 */

/** Names that no rule joins, as facts. */
const overrides: Record<string, string> = {
  'llama-3.1-8b-instant': 'llama-3.1-8b-instruct',
  'llama-3.3-70b-versatile': 'llama-3.3-70b-instruct',
  'meta-llama-3.3-70b-instruct': 'llama-3.3-70b-instruct',
  'llama-3.3-70b': 'llama-3.3-70b-instruct',
  'meta-llama-3.1-8b-instruct': 'llama-3.1-8b-instruct',
  'chatgpt-4o': 'gpt-4o',
};

/** Names as the maker's own interface calls what it serves today; with an author before them they are other models. */
const makersOwn: Record<string, string> = {
  'deepseek-chat': 'deepseek-v4-flash',
};

const knownDates = /-(20\d{2}-?\d{2}-?\d{2}|\d{4}|\d{2}-\d{2})$/;

export function canonicalModel(name: string, sameAs: ReadonlyMap<string, string> = noNames): string {
  const joined = sameAs.get(name);
  const source = joined ?? name;
  const withoutVariant = source.toLowerCase().split(':')[0] as string;
  const own = makersOwn[withoutVariant];
  if (own) return own;
  let slug = withoutVariant.slice(withoutVariant.lastIndexOf('/') + 1);
  slug = slug.replace(/^(?:us|eu|apac|global)\.[a-z]+\./, '').replace(/-v\d+$/, '');
  // Dates first: their dashes are not version dots.
  while (knownDates.test(slug) && !/^[a-z]+-\d{4}$/.test(slug)) slug = slug.replace(knownDates, '');
  slug = slug.replace(/-latest$/, '').replace(/(\d)-(?=\d(?:-|$))/g, '$1.');
  return overrides[slug] ?? slug;
}

const noNames: ReadonlyMap<string, string> = new Map();

export function isSameModel(a: string, b: string, sameAs: ReadonlyMap<string, string> = noNames): boolean {
  return canonicalModel(a, sameAs) === canonicalModel(b, sameAs);
}
