import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import { targetId } from '#lib/core/target.ts';

/**
 * Puts lines into the order in which their looks ended. Lines may be up to `windowMs` out of order; what is older passes
 * at once, for the core to count and not to open anything by. A lone line from far ahead must not pull the clock along.
 */
export interface Order {
  push(o: Observation, line: number): void;
  end(): void;
}

interface Waiting {
  o: Observation;
  endMs: number;
  line: number;
  tie: string;
}

const farAheadMs = 600_000;
const enoughCompany = 3;
const mostAhead = 64;

export function orderByEnd(
  windowMs: number,
  take: (o: Observation) => void,
  refuse: (line: number, problem: string) => void,
): Order {
  const heap: Waiting[] = [];
  let clockMs = Number.NEGATIVE_INFINITY;
  let ahead: Waiting[] = [];
  let lastNormalLine = 0;

  function admit(waiting: Waiting): void {
    if (waiting.endMs < clockMs - windowMs) {
      take(waiting.o);
      return;
    }
    clockMs = Math.max(clockMs, waiting.endMs);
    pushHeap(heap, waiting);
    while (heap.length > 0 && heap[0]!.endMs < clockMs - windowMs) take(popHeap(heap).o);
  }

  /** A recording with few looks in it has no company to wait for. */
  function admitEarliest(): void {
    ahead.sort((a, b) => a.o.atMs - b.o.atMs);
    for (const one of ahead.splice(0, ahead.length >> 1)) admit(one);
  }

  return {
    push(o, line) {
      const waiting = { o, endMs: endedAtMs(o), line, tie: '' };
      if (o.atMs <= clockMs + farAheadMs) {
        lastNormalLine = line;
        admit(waiting);
        return;
      }
      ahead.push(waiting);
      const company = ahead.filter((one) => Math.abs(one.o.atMs - o.atMs) <= farAheadMs);
      if (company.length < enoughCompany) {
        if (ahead.length > mostAhead) admitEarliest();
        return;
      }
      ahead = ahead.filter((one) => !company.includes(one));
      for (const one of company) admit(one);
    },
    end() {
      for (const one of ahead) {
        if (one.line > lastNormalLine) admit(one);
        else refuse(one.line, `from the future (${new Date(one.o.atMs).toISOString()}), left out`);
      }
      while (heap.length > 0) take(popHeap(heap).o);
    },
  };
}

function isBefore(a: Waiting, b: Waiting): boolean {
  if (a.endMs !== b.endMs) return a.endMs < b.endMs;
  if (a.o.atMs !== b.o.atMs) return a.o.atMs < b.o.atMs;
  return tieOf(a) < tieOf(b);
}

/** Only needed for equal instants, so only then worked out. */
function tieOf(waiting: Waiting): string {
  if (waiting.tie === '') {
    waiting.tie = `${waiting.o.probe}|${targetId(waiting.o.target)}|${waiting.o.vantage}|${waiting.o.why}`;
  }
  return waiting.tie;
}

function pushHeap(heap: Waiting[], waiting: Waiting): void {
  let at = heap.length;
  heap.push(waiting);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(waiting, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = waiting;
}

function popHeap(heap: Waiting[]): Waiting {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}
