import { newAccount, type SimAccount } from './account.ts';
import { SimCatalog, type SimEndpoint } from './catalog.ts';
import { seededRandom } from './random.ts';
import { Script } from './script.ts';
import { SimStatusPage } from './status-page.ts';

interface Generation {
  atMs: number;
  model: string;
  costUsd: number;
  tried: { provider: string; status: number }[];
}

/** Everything one simulator knows. Two simulators share nothing. */
export class SimWorld {
  readonly catalog = new SimCatalog();
  readonly account: SimAccount = newAccount();
  readonly page = new SimStatusPage();
  readonly script: Script;
  readonly random: () => number;
  latencyScale: number;
  readonly generations = new Map<string, Generation>();
  readonly #failedAtMs = new Map<string, number>();
  #ids = 0;

  constructor(options: { seed: number; latencyScale: number }) {
    this.random = seededRandom(options.seed);
    this.script = new Script(seededRandom(options.seed + 1));
    this.latencyScale = options.latencyScale;
  }

  nextId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}-${Math.floor(Date.now() / 1000)}-${this.#ids.toString(36).padStart(6, '0')}`;
  }

  noteFailure(slug: string, status: number): void {
    if (status >= 500) this.#failedAtMs.set(slug, Date.now());
  }

  hasRecentlyFailed(slug: string): boolean {
    return Date.now() - (this.#failedAtMs.get(slug) ?? 0) < 30_000;
  }

  rememberGeneration(
    id: string,
    { model, costUsd }: Pick<Generation, 'model' | 'costUsd'>,
    tried: { endpoint: SimEndpoint; status: number }[],
  ): void {
    const list = tried.map((t) => ({ provider: t.endpoint.provider.name, status: t.status }));
    this.generations.set(id, { atMs: Date.now(), model, costUsd, tried: list });
    if (this.generations.size > 2000) {
      const oldest = this.generations.keys().next().value;
      if (oldest !== undefined) this.generations.delete(oldest);
    }
  }
}
