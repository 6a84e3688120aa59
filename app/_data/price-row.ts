import type { EndpointFact } from '#lib/core/plan.ts';
import type { Verdict } from '#lib/core/words.ts';
import { reportedVerdict } from './matrix.ts';
import { pathOf } from './paths.ts';

/** What one provider asks for a model, and what the gateway says of it. */
export interface PriceRow {
  provider: string;
  path: string;
  tag: string;
  quantization: string | null;
  contextLength: number | null;
  promptPerMillion: number | null;
  completionPerMillion: number | null;
  uptime1d: number | null;
  reported: Verdict;
}

const million = 1_000_000;

export function priceRows(endpoints: EndpointFact[], name: (id: string) => string): PriceRow[] {
  return endpoints
    .map((e) => ({
      provider: name(e.provider),
      path: pathOf.provider(e.provider),
      tag: e.tag,
      quantization: e.quantization,
      contextLength: e.contextLength,
      promptPerMillion: perMillion(e.promptUsd),
      completionPerMillion: perMillion(e.completionUsd),
      uptime1d: e.uptime1d,
      reported: reportedVerdict(e.uptime30m ?? e.uptime5m ?? e.uptime1d),
    }))
    .sort((a, b) => (a.completionPerMillion ?? Infinity) - (b.completionPerMillion ?? Infinity));
}

function perMillion(usd: number | null): number | null {
  return usd === null || usd < 0 ? null : Math.round(usd * million * 10_000) / 10_000;
}
