import { diffModels } from '#lib/core/catalog-diff.ts';
import { catalogEvents } from '#lib/core/catalog-events.ts';
import type { CoreEvent, ModelFact } from '#lib/core/plan.ts';
import { readModelList } from '#probes/kinds/model-list.ts';
import { SimCatalog } from '#probes/sim/catalog.ts';
import { modelsDocument } from '#probes/sim/documents.ts';

const dayMs = 86_400_000;

/** What changed in the catalogue in the ninety days: told by the product's own comparison of two lists. */
export function pastNews(nowMs: number): CoreEvent[] {
  const today = readModelList(modelsDocument(new SimCatalog()), 'http://sim/')?.models ?? [];
  const changes: [daysAgo: number, before: (models: ModelFact[]) => ModelFact[]][] = [
    [61, (all) => without(all, 'z-ai/glm-5.1')],
    [44, (all) => repriced(all, 'deepseek/deepseek-v3.2', 1.6)],
    [37, (all) => [...all, retired]],
    [22, (all) => without(all, 'minimax/minimax-m2.7')],
    [11, (all) => repriced(all, 'meta-llama/llama-3.3-70b-instruct', 0.8)],
    [5, (all) => all.map((m) => (m.id === 'qwen/qwen3-coder' ? { ...m, contextLength: 131_072 } : m))],
  ];
  return changes.flatMap(([daysAgo, before]) => {
    const atMs = nowMs - daysAgo * dayMs;
    return catalogEvents('openrouter', diffModels(before(today), today, true, atMs), atMs);
  });
}

const retired: ModelFact = {
  id: 'mistralai/mixtral-8x7b-instruct',
  canonicalSlug: 'mistralai/mixtral-8x7b-instruct',
  name: 'Mistral: Mixtral 8x7B Instruct',
  contextLength: 32_768,
  promptUsd: 5.4e-7,
  completionUsd: 5.4e-7,
  requestUsd: null,
  supportedParameters: ['max_tokens', 'temperature'],
  inputModalities: ['text'],
  outputModalities: ['text'],
  isReasoningMandatory: false,
  expirationDate: null,
  createdAtMs: null,
};

function without(all: ModelFact[], id: string): ModelFact[] {
  return all.filter((m) => m.id !== id);
}

function repriced(all: ModelFact[], id: string, factor: number): ModelFact[] {
  const by = (usd: number | null): number | null => (usd === null ? null : usd * factor);
  return all.map((m) =>
    m.id === id ? { ...m, promptUsd: by(m.promptUsd), completionUsd: by(m.completionUsd) } : m,
  );
}
