import type { History } from '../../lib/store.ts';
import type { Connection } from './connection.ts';

export function historyPort(_db: Connection): History {
  return {
    bars: () => [],
    series: () => [],
    classes: () => [],
    availability: (q) => ({ ...q, share: null, coverage: 0, measuredS: 0, badS: 0 }),
    months: () => [],
    limitedByHour: () => [],
    windows: () => [],
  };
}
