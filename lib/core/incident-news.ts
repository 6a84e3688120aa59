import type { CoreEvent, Evidence, Incident } from './plan.ts';
import type { State, Track } from './state.ts';

/** What the catalogue said just before a fault began: often the reason, always worth a glance. */

const beforeMs = 3_600_000;
const kept = 400;
const mostShown = 5;

export function noteNews(state: State, events: readonly CoreEvent[]): void {
  for (const { type, atMs, scope, sentence, data } of events) {
    if (!type.startsWith('catalog.') || scope?.kind !== 'model') continue;
    const gateway = typeof data.gateway === 'string' ? data.gateway : null;
    state.news.push({ atMs, gateway, model: scope.id, sentence });
  }
  if (state.news.length > kept) state.news.splice(0, state.news.length - kept);
}

/** Of the models it hits; of a whole gateway, whatever it changed. */
export function newsBefore(
  state: State,
  incident: Pick<Incident, 'scope' | 'startedAtMs' | 'openedAtMs'>,
  members: Iterable<Track>,
): NonNullable<Evidence['catalog']> {
  const { scope, startedAtMs, openedAtMs } = incident;
  if (scope.kind === 'account' || scope.kind === 'prober') return [];
  const models = new Set([...members].map((track) => track.target.model));
  return state.news
    .filter((one) => one.atMs >= startedAtMs - beforeMs && one.atMs <= openedAtMs)
    .filter((one) =>
      scope.kind === 'gateway' ? one.gateway === scope.id : models.has(one.model) || one.model === scope.id,
    )
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, mostShown)
    .map(({ atMs, sentence }) => ({ atMs, sentence }));
}
