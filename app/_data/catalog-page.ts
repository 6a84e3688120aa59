import { canonicalModel } from '#lib/core/canonical-model.ts';
import type { ViewContext } from './context.ts';
import { catalogTypes, type EventRow, eventRow } from './event-row.ts';
import { readFresh } from './fresh.ts';
import { pathOf } from './paths.ts';

export interface CatalogRow extends EventRow {
  model: string | null;
  path: string | null;
}
export interface CatalogView {
  rows: CatalogRow[];
  kind: string | null;
  nextBefore: string | null;
  models: number;
  /** Models that leave on a known day. */
  leaving: { id: string; on: string; path: string | null }[];
  untilMs: number | null;
}

const perPage = 60;

/** What was added, withdrawn and repriced, newest first. */
export function catalogView(
  ctx: ViewContext,
  ask: { kind?: string | undefined; before?: string | undefined },
): CatalogView {
  const fresh = readFresh(ctx);
  const watched = new Set(fresh.components.filter((c) => c.kind === 'model').map((c) => c.id));
  const pathFor = (model: string | null): string | null =>
    model && watched.has(model) ? pathOf.model(model) : null;
  const kind = catalogTypes.find((type) => type === ask.kind) ?? null;
  const beforeMs = Number(ask.before) || undefined;
  const events = ctx.store.events.list({
    types: kind ? [kind] : catalogTypes,
    limit: perPage + 1,
    ...(beforeMs === undefined ? {} : { beforeMs }),
  });
  const rows = events.slice(0, perPage).map((event) => {
    const model =
      typeof event.data.model === 'string'
        ? event.data.model
        : event.scope?.kind === 'model'
          ? event.scope.id
          : null;
    return { ...eventRow(event), model, path: pathFor(model && canonicalModel(model)) };
  });
  const models = ctx.store.catalog.models('openrouter');
  return {
    rows,
    kind,
    nextBefore: events.length > perPage ? String(rows.at(-1)?.atMs ?? '') : null,
    models: models.length,
    leaving: models
      .filter((m) => m.expirationDate !== null)
      .map((m) => ({ id: m.id, on: m.expirationDate ?? '', path: pathFor(m.id) }))
      .sort((a, b) => a.on.localeCompare(b.on)),
    untilMs: fresh.untilMs,
  };
}
