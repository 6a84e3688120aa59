import type { Loaded } from '#lib/config/load.ts';
import { rulesWith } from '#lib/config/rules.ts';
import {
  adoptIncident,
  createState,
  decideObservation,
  decideTime,
  noteNews,
  restore,
  setFleet,
  setFrozen,
  setRules,
} from '#lib/core/decide.ts';
import type { Fleet } from '#lib/core/fleet.ts';
import { eventTypes, type Incident } from '#lib/core/plan.ts';
import { type Policy, policyWith } from '#lib/core/policy.ts';
import type { MaintenanceWindow } from '#lib/core/state.ts';
import type { Store } from '#lib/store.ts';
import type { Core } from './core.ts';

/** The very core that `replay` runs, with its state in this thread's memory. */

/** So far back looks are heard again at a start: baselines and open incidents need no more, and a start must be quick. */
const heardMs = 2 * 3_600_000;
const heardLooks = 12_000;

function heardSinceMs(fleet: Fleet, nowMs: number): number {
  const looksPerMs = fleet.watched.reduce((sum, w) => sum + 1 / w.everyMs, 0);
  return nowMs - Math.min(heardMs, looksPerMs > 0 ? heardLooks / looksPerMs : heardMs);
}

export function createLiveCore(loaded: Loaded): Core {
  let policy = policyOf(loaded);
  let fleet: Fleet = { watched: [], chains: [] };
  let maintenance: MaintenanceWindow[] = [];
  let rules = rulesOf(loaded);
  let isFrozen = loaded.config.feed.frozen;
  let state = createState(policy, fleet);
  setRules(state, rules);
  setFrozen(state, isFrozen);
  return {
    observe(o, found) {
      const { outcome, plan } = decideObservation(state, o, found);
      return { outcome: outcome.class, plan };
    },
    advance: (nowMs) => decideTime(state, nowMs),
    setFleet(next) {
      fleet = next;
      setFleet(state, next);
    },
    setConfig(next) {
      policy = policyOf(next);
      state.policy = policy;
      rules = rulesOf(next);
      setRules(state, rules);
      isFrozen = next.config.feed.frozen;
      setFrozen(state, isFrozen);
    },
    setMaintenance(next) {
      maintenance = next;
      state.maintenance = next;
    },
    hear: (news) => noteNews(state, news),
    adopt: (incident) => adoptIncident(state, incident),
    restore(store, nowMs) {
      state = createState(policy, fleet);
      state.maintenance = maintenance;
      setRules(state, rules);
      noteNews(state, store.events.list({ types: catalogTypes, limit: 200 }).reverse());
      setFrozen(state, isFrozen);
      const { components, routes, guard } = store.looks.current();
      const incidents = [
        ...store.incidents.list({ status: 'open', limit: 1_000 }),
        ...justResolved(store, nowMs - heardMs),
      ];
      const observations = store.looks.replaySince(heardSinceMs(fleet, nowMs));
      restore(state, { incidents, components, routes, guard, observations });
    },
  };
}

const catalogTypes = eventTypes.filter((type) => type.startsWith('catalog.'));

/** What comes back soon continues the same incident, and failures that are heard again were told: also after a restart. */
function justResolved(store: Store, sinceMs: number): Incident[] {
  return store.incidents
    .list({ status: 'resolved', limit: 200 })
    .filter(({ resolvedAtMs }) => (resolvedAtMs ?? 0) >= sinceMs);
}

function policyOf({ config }: Loaded): Policy {
  const { policy } = policyWith(config.policy);
  // `confirm` has a name of its own in the file; a policy override would say the same thing twice.
  return {
    ...policy,
    confirm_after_ms: config.policy.confirm_after_ms ?? config.confirm.after,
    confirm_times: config.policy.confirm_times ?? config.confirm.times,
  };
}

type Rule = ReturnType<typeof rulesWith>[number];

function rulesOf({ config }: Loaded): Rule[] {
  const own = new Set(config.rules.map(({ name }) => name));
  // What is left on the account is told live from the account's own figures, earlier and in more steps.
  return rulesWith(config.rules).filter(({ name, when }) => when !== 'credit_hours' || own.has(name));
}
