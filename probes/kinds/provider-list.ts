import { asList, asObject, asText, dig } from '#lib/core/loose.ts';
import type { ProviderFact } from '#lib/core/plan.ts';

/** `GET /providers`: whom a gateway can reach, and where they publish their own state. */
export function readProviderList(body: unknown): ProviderFact[] {
  return asList(dig(body, 'data'))
    .slice(0, 2_000)
    .flatMap((item) => {
      const provider = asObject(item);
      const slug = asText(provider?.slug);
      if (!slug) return [];
      const statusPageUrl = asText(provider?.status_page_url);
      return [
        {
          slug: slug.slice(0, 100),
          name: asText(provider?.name)?.slice(0, 100) ?? slug,
          statusPageUrl:
            statusPageUrl && /^https?:\/\//.test(statusPageUrl) ? statusPageUrl.slice(0, 500) : null,
        },
      ];
    });
}
