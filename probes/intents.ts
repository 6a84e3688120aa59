import type { Store } from '#lib/store.ts';

/** What a person asked for in the web process, claimed and carried out here. */
export type IntentVerbs = Record<string, (body: Record<string, unknown>, by: string, id: string) => void>;

export function carryOut(
  store: Store,
  nowMs: number,
  verbs: IntentVerbs,
  complain: (sentence: string) => void,
): void {
  try {
    for (const intent of store.people.claimIntents(20, nowMs)) {
      const verb = Object.hasOwn(verbs, intent.kind) ? verbs[intent.kind] : undefined;
      if (!verb) {
        complain(`Nobody here knows how to "${intent.kind}": the request is dropped.`);
        continue;
      }
      try {
        verb(intent.body, intent.by, intent.id);
      } catch (cause) {
        complain(`"${intent.kind}" failed: ${cause instanceof Error ? cause.message : cause}`);
      }
    }
  } catch {
    // A locked store keeps its intents; they are claimed a moment later.
  }
}
