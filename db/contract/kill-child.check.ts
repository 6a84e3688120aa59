import { writeSync } from 'node:fs';
import { openStore } from '../open.ts';
import { component, draft, event, incident, look, monday, planOf, route } from './samples.contract.ts';

/**
 * A worker to be killed: records looks one after the other, each with its decision, and says the number of each once it
 * is acknowledged. `step` is where it kills itself, if it does not wait to be killed.
 */
const [dataDir = '', from = '0', step = 'never'] = process.argv.slice(2);
const store = openStore({ dataDir, reserveBytes: 0, nowMs: () => monday + 10 * 86_400_000 });
const die = () => process.kill(process.pid, 'SIGKILL');

function planFor(n: number) {
  return planOf({
    components: [component({ updatedAtMs: monday + n })],
    routes: [route({ stateSinceMs: monday + n })],
    incidents: [incident({ id: `i${n}` })],
    events: [event(`e${n}`, { incidentId: `i${n}` })],
    deliveries: [draft(`d${n}`, { eventId: `e${n}`, incidentId: `i${n}`, receiverId: `r${n}` })],
  });
}

for (let n = Number(from); ; n += 2) {
  const seen = [n, n + 1].map((i) => ({ observation: look(monday + i * 60_000), found: [] }));
  store.looks.record(seen, (o) => {
    const number = (o.atMs - monday) / 60_000;
    // The first look of the batch is written by now, with everything that was decided about it.
    if (step === 'between' && number === n + 1) die();
    if (step === 'before' && number === n) die();
    return { outcome: 'ok', plan: planFor(number) };
  });
  writeSync(1, `${n + 1}\n`);
  if (step === 'after') die();
  if (n % 20 === 0) store.upkeep.rollUp(monday + 9 * 86_400_000);
  if (n % 50 === 0)
    store.upkeep.prune(monday + 10 * 86_400_000, {
      rawMs: 30 * 86_400_000,
      minutesMs: 1,
      hoursMs: 30 * 86_400_000,
      daysMs: null,
    });
}
