import type { Breaker } from './breaker.ts';
import type { Picture } from './picture.ts';

const trialShare = 0.05;

interface Candidate {
  id: string;
  weight: number;
}

/** All of them, the best bet first and blocked ones last: never empty, and never more than half blocked. */
export function orderOf(
  ids: readonly string[],
  picture: Picture,
  breaker: Breaker,
  random: () => number,
  /** Of a chain the first that is clear: whoever wrote it down relies on its order. */
  luck = random,
): string[] {
  const usable: Candidate[] = [];
  const trials: string[] = [];
  const byFeed: { id: string; untilMs: number }[] = [];
  const byUs: string[] = [];
  for (const id of new Set(ids)) {
    const local = breaker.standing(id);
    const standing = picture.standing(id);
    if (local === 'open') byUs.push(id);
    else if (standing.is === 'out') byFeed.push({ id, untilMs: standing.untilMs });
    else if (standing.is === 'trial' || local === 'trial') trials.push(id);
    else usable.push({ id, weight: standing.weight });
  }
  const blocked = [...byFeed.sort((a, b) => a.untilMs - b.untilMs).map((b) => b.id), ...byUs];
  const total = usable.length + trials.length + blocked.length;
  // Above half some come back, those we have seen failing ourselves last.
  const back = blocked.splice(0, Math.max(0, blocked.length - Math.floor(total / 2)));
  for (const id of back) usable.push({ id, weight: 1 });
  const drawn: string[] = [];
  while (usable.length > 0) drawn.push(take(usable, breaker, luck));
  const isTrialDue = trials.length > 0 && (drawn.length === 0 || random() < trialShare);
  return isTrialDue ? [...trials, ...drawn, ...blocked] : [...drawn, ...trials, ...blocked];
}

/** Two draws by weight, and of the two the one with less to do for its weight. Latency has no say: it would make a herd. */
function take(from: Candidate[], breaker: Breaker, random: () => number): string {
  const a = draw(from, random);
  const b = draw(from, random);
  const load = (c: Candidate) => breaker.inFlight(c.id) / c.weight;
  const taken = load(b) < load(a) ? b : a;
  from.splice(from.indexOf(taken), 1);
  return taken.id;
}

function draw(from: Candidate[], random: () => number): Candidate {
  let left = random() * from.reduce((sum, c) => sum + c.weight, 0);
  for (const candidate of from) if ((left -= candidate.weight) < 0) return candidate;
  return from[from.length - 1] as Candidate;
}
