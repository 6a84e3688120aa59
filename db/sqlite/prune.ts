import type { Upkeep } from '../../lib/store.ts';
import type { Connection } from './connection.ts';
export const prune = (_db: Connection, ..._rest: Parameters<Upkeep['prune']>): boolean => false;
