import type { Upkeep } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
export const rollUp = (_db: Connection, _nowMs: number): ReturnType<Upkeep['rollUp']> => ({
  minutes: 0,
  hours: 0,
  days: 0,
});
