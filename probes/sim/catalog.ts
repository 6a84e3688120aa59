import { type ModelRow, modelRows } from './model-table.ts';
import { type ProviderRow, providerRows } from './provider-table.ts';

export interface SimEndpoint {
  model: string;
  provider: ProviderRow;
  tag: string;
  quantization: string;
  /** USD per token. */
  promptUsd: number;
  completionUsd: number;
  firstTokenMs: number;
  tokensPerSecond: number;
}

export interface SimModel extends Omit<ModelRow, 'endpoints'> {
  endpoints: SimEndpoint[];
  expirationDate: string | null;
}

/** The catalogue of one simulator: its own copy, so that withdrawing a model touches nobody else. */
export class SimCatalog {
  readonly providers: readonly ProviderRow[] = providerRows;
  readonly models: Map<string, SimModel>;
  readonly #withdrawn = new Map<string, SimModel>();

  constructor() {
    this.models = new Map(modelRows.map((row) => [row.id, expandModel(row)]));
  }

  find(idOrSlug: string): SimModel | null {
    const direct = this.models.get(idOrSlug);
    if (direct) return direct;
    for (const model of this.models.values()) if (model.slug === idOrSlug) return model;
    return null;
  }

  withdraw(id: string): boolean {
    const model = this.models.get(id);
    if (!model) return false;
    this.#withdrawn.set(id, model);
    return this.models.delete(id);
  }

  restore(id: string): boolean {
    const model = this.#withdrawn.get(id);
    if (!model) return false;
    this.#withdrawn.delete(id);
    this.models.set(id, model);
    return true;
  }

  withdrawEndpoint(id: string, tag: string): void {
    const model = this.models.get(id);
    if (model) model.endpoints = model.endpoints.filter((e) => e.tag !== tag);
  }

  reprice(id: string, factor: number): void {
    for (const e of this.models.get(id)?.endpoints ?? []) {
      e.promptUsd *= factor;
      e.completionUsd *= factor;
    }
  }
}

function expandModel(row: ModelRow): SimModel {
  const endpoints = row.endpoints.map((line) => {
    const [tag = '', quantization = '', prompt, completion, firstTokenMs, tps] = line.split(' ');
    const slug = tag.split('/')[0];
    // `sambanova-turbo` is the one recorded tag whose head is no provider's slug.
    const provider = providerRows.find((p) => p.slug === slug || `${p.slug}-turbo` === slug);
    if (!provider) throw new Error(`the simulator's table names the unknown provider ${tag}`);
    return {
      model: row.id,
      provider,
      tag,
      quantization,
      promptUsd: Number(prompt) / 1e6,
      completionUsd: Number(completion) / 1e6,
      firstTokenMs: Number(firstTokenMs),
      tokensPerSecond: Number(tps),
    };
  });
  return { ...row, endpoints, expirationDate: null };
}
