import type { Found } from '#lib/core/plan.ts';
import { cleanLine, type Redact, redactFamilies } from '#lib/redact.ts';

const longest = 200;

/** Names that the far side gives to things, as they may be kept and shown: one line, no controls, none of our keys. */
export function cleanFound(found: Found, redact: Redact = redactFamilies): Found {
  const line = (text: string) => cleanLine(text, redact, longest);
  switch (found.kind) {
    case 'models':
      return {
        ...found,
        models: found.models.map((one) => ({
          ...one,
          name: one.name === null ? null : line(one.name),
          canonicalSlug: one.canonicalSlug === null ? null : line(one.canonicalSlug),
        })),
      };
    case 'endpoints':
      return {
        ...found,
        endpoints: found.endpoints.map((one) => ({ ...one, providerName: line(one.providerName) })),
      };
    case 'providers':
      return {
        ...found,
        providers: found.providers.map((one) => ({
          ...one,
          name: line(one.name),
          statusPageUrl: one.statusPageUrl === null ? null : redact(one.statusPageUrl),
        })),
      };
    default:
      return found;
  }
}
