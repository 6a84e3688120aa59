import { providerBase } from '#lib/core/target.ts';

/** What people call the things whose ids are slugs. An unknown slug is shown as it is. */
const gatewayNames: Record<string, string> = {
  openrouter: 'OpenRouter',
  direct: 'Direct',
  litellm: 'LiteLLM',
  portkey: 'Portkey',
  tokenmix: 'TokenMix',
  ofox: 'OFox',
};

export function gatewayName(id: string): string {
  return gatewayNames[id] ?? id;
}

/** Provider names as its catalogue gives them, by slug. */
export function providerNames(facts: { slug: string; name: string }[]): (id: string) => string {
  const bySlug = new Map(facts.map((p) => [p.slug, p.name]));
  return (id) => {
    const name = bySlug.get(id) ?? bySlug.get(providerBase(id));
    if (!name) return id;
    const variant = id.slice(providerBase(id).length + 1);
    return variant ? `${name} (${variant})` : name;
  };
}

/** The part of a model id that tells it from others of its author. */
export function shortModel(id: string): string {
  const slash = id.indexOf('/');
  return slash < 0 ? id : id.slice(slash + 1);
}
