import type { CoreEvent } from './plan.ts';

/** Trouble of our own memory, said to whoever runs it while that can still be said. */
export type StoreTrouble = 'database_gone' | 'disk_full';

const said: Record<StoreTrouble, { sentence: string; reason: string }> = {
  database_gone: {
    sentence:
      'The database was taken away or replaced while it was in use: nothing we see is kept, and checks that cost money stop.',
    reason: 'the file at its path is not the one that was opened',
  },
  disk_full: {
    sentence:
      'The disk under the database is full: checks go on and are judged, incidents and messages are kept, but no check is stored until there is room again.',
    reason: 'there is less room than is kept in reserve',
  },
};

export function storeNotice(what: StoreTrouble, vantage: string, atMs: number): CoreEvent {
  return {
    id: `notice:${what}:${vantage}:${Math.floor(atMs)}`,
    type: 'notice',
    atMs,
    scope: { kind: 'prober', id: vantage },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    ...said[what],
    startedAtMs: atMs,
    expiresAtMs: null,
    data: { what },
  };
}
