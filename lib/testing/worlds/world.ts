import { blankObservation, endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { Scope } from '#lib/core/plan.ts';
import type { Impact } from '#lib/core/words.ts';
import { type Answer, noise as noiseAnswer, whole } from './answers.ts';
import type { Watch } from './fleet.ts';
import { randomFrom } from './random.ts';

/** A stretch of time in which something is wrong, and what a look then sees. */
export interface Fault {
  fromMs: number;
  toMs: number;
  hits: (o: Observation) => boolean;
  share: number;
  answer: Answer;
}

/** What ought to be said about a world. */
export interface Truth {
  scope: Scope;
  fromMs: number;
  toMs: number;
  impacts?: Impact[];
  /** Where evidence cannot tell, any of these will do, or its being among the candidates. */
  alternatives?: Scope[];
  isPrivate?: boolean;
  /** The first bad look must be known this closely. */
  beganWithinMs?: number;
  /** It must be called over so soon after its end. */
  overWithinMs?: number;
  /** It may be called over in between, and come back. */
  mayPause?: boolean;
  /** The world ends before the fault does. */
  staysOpen?: boolean;
  isUnstable?: boolean;
}

export interface World {
  name: string;
  observations: Observation[];
  truth: Truth[];
  /** True where saying nothing is right as well. */
  isOptional?: boolean;
}

export interface Plot {
  name: string;
  seed: number;
  fleet: Watch[];
  fromMs: number;
  lengthMs: number;
  noise: number;
  faults: Fault[];
  truth: Truth[];
  vantages?: string[];
  isOptional?: boolean;
  /** Nothing is recorded here: the monitor itself was off. */
  gaps?: { fromMs: number; toMs: number }[];
}

export function makeWorld(plot: Plot): World {
  const random = randomFrom(plot.seed);
  const observations: Observation[] = [];
  for (const vantage of plot.vantages ?? ['local']) {
    for (const watch of plot.fleet) {
      const phaseMs = random.next() * watch.everyMs;
      for (let at = plot.fromMs + phaseMs; at < plot.fromMs + plot.lengthMs; at += watch.everyMs) {
        const atMs = Math.round(at + random.between(0, 200));
        const o = blankObservation({
          atMs,
          vantage,
          probe: watch.probe,
          target: watch.target,
          keyed: watch.keyed,
          slot: Math.floor(at / watch.everyMs),
        });
        if (plot.gaps?.some((gap) => atMs >= gap.fromMs && atMs < gap.toMs)) continue;
        const fault = plot.faults.find(
          (one) => atMs >= one.fromMs && atMs < one.toMs && one.hits(o) && random.chance(one.share),
        );
        const answer = fault?.answer ?? (random.chance(plot.noise) ? noiseAnswer : whole);
        observations.push(Object.assign(o, answer(o, random)));
      }
    }
  }
  observations.sort((a, b) => endedAtMs(a) - endedAtMs(b) || a.atMs - b.atMs);
  return {
    name: plot.name,
    observations,
    truth: plot.truth,
    ...(plot.isOptional ? { isOptional: true } : {}),
  };
}
