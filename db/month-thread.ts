import { parentPort, workerData } from 'node:worker_threads';
import { makeMonth, type Promises } from './month-report.ts';
import { openFile } from './sqlite/store.ts';

/** A month has hundreds of thousands of looks: they are read here, while the deciding thread goes on deciding. */

const { dataDir, months, nowMs, published } = workerData as {
  dataDir: string;
  months: string[];
  nowMs: number;
  published: Promises;
};
/** As many as raw looks are usually kept. */
const daysAtOnce = 40;
const store = openFile(dataDir, { isReader: true, nowMs: () => nowMs, reserveBytes: 0 });
try {
  const days = store.history.numberDaysDue({ nowMs, limit: daysAtOnce });
  parentPort?.postMessage({ days, months: months.map((month) => makeMonth(store, month, nowMs, published)) });
} finally {
  store.close();
}
