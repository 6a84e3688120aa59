import type { FaultId, FaultPanel } from './demo-faults.ts';

/** Left alone, the demo tells its own story: calm, one fault after the other, calm again. A person's button ends it. */
const acts: readonly FaultId[] = ['provider', 'gateway', 'model', 'credit', 'network'];

export interface Story {
  isTold(): boolean;
  set(isTold: boolean): void;
  stop(): void;
}

export interface StoryPace {
  calmMs: number;
  faultMs: number;
}

export const usualPace: StoryPace = { calmMs: 120_000, faultMs: 75_000 };

export function tellStory(panel: FaultPanel, pace: StoryPace = usualPace): Story {
  let isTold = true;
  let act = 0;
  let timer = setTimeout(begin, pace.calmMs);
  function begin(): void {
    const id = acts[act % acts.length] as FaultId;
    act += 1;
    if (isTold) panel.strike(id, 'story');
    timer = setTimeout(() => {
      if (isTold) panel.mend(id);
      timer = setTimeout(begin, pace.calmMs);
    }, pace.faultMs);
  }
  return {
    isTold: () => isTold,
    set(next) {
      if (isTold && !next) panel.mend();
      isTold = next;
    },
    stop: () => clearTimeout(timer),
  };
}
