import type { CoreEvent, Scope } from '#lib/core/plan.ts';

const told: readonly string[] = ['incident.opened', 'incident.changed', 'incident.resolved', 'notice'];

/** The line `replay` prints for an event, or null for what it keeps to itself. */
export function eventLine(event: CoreEvent): Record<string, unknown> | null {
  const isRule = typeof event.data.rule === 'string';
  if (!told.includes(event.type) && !isRule) return null;
  // An address of the owner's own is no culprit: its owner is told, and the recording's reader is not.
  if (event.scope?.kind === 'http') return null;
  const { candidates, endedAtMs, isUnstable, what } = event.data;
  const rivals = Array.isArray(candidates) ? (candidates as Scope[]).map(scopeLine) : [];
  return {
    at: new Date(event.atMs).toISOString(),
    type: isRule ? 'notice' : event.type,
    ...(event.incidentId === null ? {} : { incident: event.incidentId }),
    scope: event.scope === null ? null : scopeLine(event.scope as Scope),
    ...viaOf(event),
    impact: event.impact,
    ...(event.startedAtMs === null ? {} : { startedAt: new Date(event.startedAtMs).toISOString() }),
    ...(typeof endedAtMs === 'number' ? { endedAt: new Date(endedAtMs).toISOString() } : {}),
    // A rule says its figure; when it no longer holds, it says that.
    reason: isRule ? event.sentence : event.reason,
    ...(isRule ? { rule: event.data.rule, firing: event.data.isFiring === true } : {}),
    ...(what === 'reopened' ? { continued: true } : {}),
    ...(isUnstable === true ? { unstable: true } : {}),
    ...(rivals.length > 0 ? { candidates: rivals } : {}),
    ...(event.isPublic ? {} : { public: false }),
  };
}

/** Said beside the scope as well as in it: readers look in either place. */
function viaOf({ scope }: CoreEvent): { via?: string } {
  return scope !== null && 'via' in scope && scope.via ? { via: scope.via } : {};
}

function scopeLine(scope: Scope): Record<string, string> {
  return { kind: scope.kind, id: scope.id, ...(scope.via ? { via: scope.via } : {}) };
}
