import type { MonthReport } from '../lib/core/report.ts';
import type { Store } from '../lib/store.ts';
import { monthsDue, type Promises, writeMonth } from './month-report.ts';
import { startThread } from './thread.ts';

/** Makes what is due in a thread, days' parts and months, and writes it here. Returns the months that were written. */
export async function writeDueMonths(io: {
  store: Pick<Store, 'upkeep'>;
  dataDir: string;
  nowMs: number;
  published: Promises;
}): Promise<string[]> {
  const { store, dataDir, nowMs, published } = io;
  const made = await inThread({ dataDir, nowMs, published, months: monthsDue(store, nowMs) });
  for (const { note, text } of made.days) store.upkeep.note(note, text);
  return made.months.flatMap((report) => (report && writeMonth(store, report) ? [report.month] : []));
}

interface Made {
  days: { note: string; text: string }[];
  months: (MonthReport | null)[];
}

function inThread(workerData: object): Promise<Made> {
  const thread = startThread('month-thread.ts', workerData);
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (status) => reject(new Error(`the thread that writes reports ended with ${status}`)));
  });
}
