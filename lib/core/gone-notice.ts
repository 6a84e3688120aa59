import type { CoreEvent } from './plan.ts';

/** The database file was taken away under the running worker: said to whoever runs it, while that can still be said. */
export function goneNotice(vantage: string, atMs: number): CoreEvent {
  return {
    id: `notice:database:${vantage}:${Math.floor(atMs)}`,
    type: 'notice',
    atMs,
    scope: { kind: 'prober', id: vantage },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence:
      'The database was taken away or replaced while it was in use: nothing we see is kept, and checks that cost money stop.',
    reason: 'the file at its path is not the one that was opened',
    startedAtMs: atMs,
    expiresAtMs: null,
    data: { what: 'database_gone' },
  };
}
