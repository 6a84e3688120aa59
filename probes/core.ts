import type { Loaded } from '#lib/config/load.ts';
import type { Fleet } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Found, Incident, Plan } from '#lib/core/plan.ts';
import type { MaintenanceWindow } from '#lib/core/state.ts';
import type { Store } from '#lib/store.ts';

/** The judgement as the worker uses it: a state kept in memory, one call per look, one per second. */
export interface Core {
  observe(o: Observation, found: Found[]): { outcome: string; plan: Plan };
  advance(nowMs: number): Plan;
  setFleet(fleet: Fleet, nowMs: number): void;
  setConfig(loaded: Loaded): void;
  setMaintenance(windows: MaintenanceWindow[]): void;
  /** What the catalogue says now and did not say before. Absent: this core does not care. */
  hear?(news: CoreEvent[]): void;
  /** A person changed it in the store. Absent: this core keeps no incidents. */
  adopt?(incident: Incident): void;
  /** Forgets what it knows and learns it again from what is stored: at the start, and after a write that failed. */
  restore(store: Store, nowMs: number): void;
}
