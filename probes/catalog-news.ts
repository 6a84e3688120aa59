import { accountWarnings } from '#lib/core/account-warning.ts';
import { diffEndpoints, diffModels } from '#lib/core/catalog-diff.ts';
import { catalogEvents, driftEvents } from '#lib/core/catalog-events.ts';
import { certificateWarnings } from '#lib/core/certificate-warning.ts';
import type { CoreEvent, Found } from '#lib/core/plan.ts';
import type { Catalog } from '#lib/store.ts';

/** More than this at once is another list, and nobody would read it. */
const mostNews = 200;

/** What a look found against what the store knew before it: catalogue events, warnings of accounts and certificates, written with the look itself. */
export function catalogNews(
  known: Pick<Catalog, 'models' | 'endpoints' | 'account' | 'certificate'>,
  found: readonly Found[],
  atMs: number,
  isWatched: (gateway: string, model: string) => boolean,
): CoreEvent[] {
  return found.flatMap((one) => {
    if (one.kind === 'models') {
      const changes = diffModels(known.models(one.gateway), one.models, one.isComplete, atMs);
      return catalogEvents(one.gateway, changes.slice(0, mostNews), atMs);
    }
    if (one.kind === 'account')
      return accountWarnings(one.account, known.account(one.account), one.facts, atMs);
    if (one.kind === 'certificate')
      return certificateWarnings(one.name, known.certificate(one.name), one.facts, atMs);
    if (one.kind === 'drift') return driftEvents(one, atMs);
    // Who serves what changes all day long somewhere; it is news where somebody relies on the model.
    if (one.kind !== 'endpoints' || one.endpoints.length === 0 || !isWatched(one.gateway, one.model))
      return [];
    const before = known.endpoints({ gateway: one.gateway, model: one.model });
    return catalogEvents(one.gateway, diffEndpoints(one.model, before, one.endpoints), atMs);
  });
}
