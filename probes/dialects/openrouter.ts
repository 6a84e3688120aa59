import type { Watched } from '#lib/core/fleet.ts';
import type { Loose } from '#lib/core/loose.ts';

/** What OpenRouter wants beside the plain chat body: a pinned upstream, no reasoning where that is allowed, no cache. */

export const openRouterHeaders: Record<string, string> = {
  'x-openrouter-metadata': 'enabled',
  'x-openrouter-cache': 'false',
};

export function openRouterBody(watched: Watched): Loose {
  return { ...reasoningField(watched), ...pinField(watched) };
}

function reasoningField(watched: Watched): Loose {
  if (watched.isReasoningMandatory) return { reasoning: { effort: 'low' } };
  const supported = watched.supportedParameters;
  return !supported || supported.includes('reasoning') ? { reasoning: { enabled: false } } : {};
}

export function pinField({ endpoint, target }: Watched): Loose {
  if (target.provider === 'any') return {};
  const tag = endpoint ?? target.provider;
  return tag ? { provider: { order: [tag], allow_fallbacks: false } } : {};
}

// Display names that do not simply become their slug.
const slugByName: Record<string, string> = {
  'moonshot ai': 'moonshotai',
  'mancer 2': 'mancer',
  inferencenet: 'inference-net',
  aionlabs: 'aion-labs',
  openinference: 'open-inference',
  fakeprovider: 'fake-provider',
  atlascloud: 'atlas-cloud',
  google: 'google-vertex',
};

/** The provider's id for the display name in an answer: the watched one when the names agree. */
export function providerIdOf(name: string, watched: Watched): string {
  const plain = name.trim().toLowerCase();
  const { provider } = watched.target;
  if (provider && provider !== 'any' && plain === watched.providerName?.trim().toLowerCase()) return provider;
  return slugByName[plain] ?? plain.replace(/[^a-z0-9./]+/g, '-').replace(/^-+|-+$/g, '');
}
