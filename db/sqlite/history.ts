import type { History } from '../../lib/store.ts';
import { availability, months } from './availability.ts';
import { barsReader } from './bars.ts';
import { limitedByHour, outcomeClassesOver } from './classes.ts';
import type { Connection } from './connection.ts';
import { numberDaysDue } from './number-days.ts';
import { quotedNumbers } from './numbers.ts';
import { rawReader } from './raw.ts';
import { percentileSeries } from './series.ts';
import { targetsIn } from './targets.ts';
import { windowsReader } from './windows.ts';

export function historyPort(db: Connection): History {
  const raw = rawReader(db);
  return {
    bars: barsReader(db),
    series: (query) => percentileSeries(db, raw, query),
    classes: (query) => outcomeClassesOver(db, raw, query),
    availability: (query) => availability(db, raw, query),
    months: (query) => months(db, raw, query),
    limitedByHour: (query) => limitedByHour(db, query),
    missed: (query) =>
      db
        .read(
          'select t.key as targetKey, m.slot, m.at_ms as atMs, m.reason from missed m join targets t on t.id = m.target_id where t.key = ? and m.at_ms >= ? and m.at_ms < ? order by m.at_ms',
        )
        .all(query.targetKey, query.fromMs, query.toMs) as ReturnType<History['missed']>,
    targetsIn: (query) => targetsIn(db, query),
    numbers: (query) => quotedNumbers(db, raw, query),
    numberDaysDue: (query) => numberDaysDue(db, raw, query),
    windows: windowsReader(db, raw),
  };
}
