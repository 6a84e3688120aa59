import { createState, decideObservation, decideTime, type State, setRules } from '#lib/core/decide.ts';
import { endedAtMs, type Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Plan } from '#lib/core/plan.ts';
import type { Policy } from '#lib/core/policy.ts';
import type { Rule } from './rules.ts';

/** One run of the core over observations in order, on the clock of their lines. */
export interface Run {
  state: State;
  looks: number;
  classes: Map<string, number>;
  take(o: Observation): void;
}

export function runCore(policy: Policy, tell: (event: CoreEvent) => void, rules: Rule[] | null = null): Run {
  const state = createState(policy, { watched: [], chains: [] });
  if (rules) setRules(state, rules);
  const run: Run = {
    state,
    looks: 0,
    classes: new Map(),
    take(o) {
      run.looks += 1;
      emit(decideTime(state, endedAtMs(o)));
      const { outcome, plan } = decideObservation(state, o);
      run.classes.set(outcome.class, (run.classes.get(outcome.class) ?? 0) + 1);
      emit(plan);
    },
  };
  function emit(plan: Plan): void {
    for (const event of plan.events) tell(event);
  }
  return run;
}
