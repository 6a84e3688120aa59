import type { Observation } from '#lib/core/observation.ts';
import type { Scope } from '#lib/core/plan.ts';
import type { Answer } from './answers.ts';
import { type FleetShape, fleetOf } from './fleet.ts';
import { randomFrom } from './random.ts';
import { accountWorlds } from './suite-account.ts';
import { faultWorlds } from './suite-faults.ts';
import { ownWorlds } from './suite-own.ts';
import { recordedWorlds } from './suite-recorded.ts';
import { strangeWorlds } from './suite-strange.ts';
import type { Fault, Plot, Truth } from './world.ts';

/** A world of the suite: its fault begins half an hour in, give or take, as its seed wants. */
export interface Scene {
  name: string;
  build: (at: At) => SceneParts;
}

export interface At {
  startMs: number;
  /** When the main fault begins. */
  fromMs: number;
  minute: number;
  pick: <T>(list: readonly T[]) => T;
  fault: (
    fromMin: number,
    toMin: number,
    hits: (o: Observation) => boolean,
    share: number,
    answer: Answer,
  ) => Fault;
  truth: (scope: Scope, fromMin: number, toMin: number, more?: Partial<Truth>) => Truth;
}

export interface SceneParts {
  shape?: FleetShape;
  lengthMin?: number;
  noise?: number;
  faults: Fault[];
  truth: Truth[];
  vantages?: string[];
  gaps?: Plot['gaps'];
  isOptional?: boolean;
}

export const suite: Scene[] = [
  ...recordedWorlds,
  ...accountWorlds,
  ...ownWorlds,
  ...faultWorlds,
  ...strangeWorlds,
];

const minuteMs = 60_000;
export const suiteStartMs = Date.UTC(2026, 4, 12, 9, 0, 0);

export function plotOf(scene: Scene, seed: number): Plot {
  const random = randomFrom(seed * 7_919 + 13);
  const startMs = suiteStartMs;
  const fromMs = startMs + 25 * minuteMs + Math.round(random.between(0, 120_000));
  const at: At = {
    startMs,
    fromMs,
    minute: minuteMs,
    pick: random.pick,
    fault: (fromMin, toMin, hits, share, answer) => ({
      fromMs: fromMs + fromMin * minuteMs,
      toMs: fromMs + toMin * minuteMs,
      hits,
      share,
      answer,
    }),
    truth: (scope, fromMin, toMin, more = {}) => ({
      scope,
      fromMs: fromMs + fromMin * minuteMs,
      toMs: fromMs + toMin * minuteMs,
      ...more,
    }),
  };
  const parts = scene.build(at);
  return {
    name: scene.name,
    seed,
    fleet: fleetOf({ hasControls: true, hasCatalog: true, hasAccount: true, ...parts.shape }),
    fromMs: startMs,
    lengthMs: (parts.lengthMin ?? 90) * minuteMs,
    noise: parts.noise ?? 0.002,
    faults: parts.faults,
    truth: parts.truth,
    ...(parts.vantages ? { vantages: parts.vantages } : {}),
    ...(parts.gaps ? { gaps: parts.gaps } : {}),
    ...(parts.isOptional ? { isOptional: true } : {}),
  };
}
