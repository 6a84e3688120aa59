import type { Store } from '#lib/store.ts';
import type { Core } from './core.ts';

/**
 * People change incidents in the web process, straight in the store. Before each decision, inside its transaction, the
 * core learns what they changed: what it writes afterwards then carries their change and does not undo it.
 */
export function withHandEdits(core: Core, store: Store): Core {
  let version = store.upkeep.dataVersion();
  let { seq } = store.events.position();

  function learn(): void {
    const now = store.upkeep.dataVersion();
    if (now === version) return;
    version = now;
    const changed = new Set<string>();
    for (;;) {
      const rows = store.events.after(seq, pageOf);
      for (const { event } of rows)
        if (event.incidentId !== null && event.id.startsWith(byHand)) changed.add(event.incidentId);
      seq = rows.at(-1)?.seq ?? seq;
      if (rows.length < pageOf) break;
    }
    for (const id of changed) {
      const incident = store.incidents.get(id);
      if (incident) core.adopt?.(incident);
    }
  }

  return {
    ...core,
    observe(o, found) {
      learn();
      return core.observe(o, found);
    },
    advance(nowMs) {
      learn();
      return core.advance(nowMs);
    },
  };
}

const pageOf = 500;
/** Events of a person's change have ids that begin so. */
const byHand = 'hand:';
