import type { CatalogueFacts } from '#lib/config/fleet.ts';
import { type BuiltFleet, buildFleet } from '#lib/config/fleet.ts';
import type { Loaded } from '#lib/config/load.ts';
import { isPaid } from '#lib/core/budget.ts';
import {
  calmShare,
  dayAllowance,
  dayStartMs,
  type Limits,
  monthStartMs,
  projectedDay,
  spareSeldom,
  stretchFor,
} from '#lib/core/budget-pace.ts';
import type { Fleet, Watched } from '#lib/core/fleet.ts';
import type { ChosenRoute } from '#lib/core/fleet-default.ts';
import type { Caps, Store } from '#lib/store.ts';

/** What is watched: built from configuration and catalogue, its paid looks stretched to fit the budget, and stored. */

export interface FleetKeeper {
  fleet(): Fleet;
  keys(): Record<string, string>;
  remarks(): string[];
  /** Builds it anew; true when anything changed. `caps` where they are tighter than configured (a key of the free tier). */
  rebuild(loaded: Loaded, nowMs: number, caps?: Caps): boolean;
  stretch(): number;
}

const chosenNote = 'fleet.chosen';

export function createFleetKeeper(store: Store, build: typeof buildFleet = buildFleet): FleetKeeper {
  let built: BuiltFleet = { watched: [], chains: [], keys: new Map(), chosen: {}, remarks: [] };
  let paced: Watched[] = [];
  let factor = 1;
  let print = '';
  return {
    fleet: () => ({ watched: paced, chains: built.chains }),
    keys: () => Object.fromEntries(built.keys),
    remarks: () => built.remarks,
    stretch: () => factor,
    rebuild(loaded, nowMs, caps = capsOf(loaded.config)) {
      built = build(loaded, cataloguesOf(store, loaded), readChosen(store), nowMs);
      const spared = spareSome(built.watched, allowanceOf(caps, store, nowMs));
      factor = stretchOf(spared, caps, store, nowMs);
      paced = pace(spared, factor);
      const next = JSON.stringify([paced, built.chains, [...built.keys.keys()]]);
      if (next === print) return false;
      print = next;
      // An empty choice is no choice: the catalogue has not been read yet.
      if (Object.values(built.chosen).some((routes) => routes.length > 0))
        store.upkeep.note(chosenNote, JSON.stringify(built.chosen));
      store.looks.saveFleet(paced, nowMs);
      return true;
    },
  };
}

export function capsOf(config: Loaded['config']): Caps {
  const { budget } = config;
  const perGateway: Caps['perGateway'] = {};
  for (const [id, own] of Object.entries(budget.per_gateway)) {
    perGateway[id] = {
      ...(own.usd_per_day === undefined ? {} : { usdPerDay: own.usd_per_day }),
      ...(own.usd_per_month === undefined ? {} : { usdPerMonth: own.usd_per_month }),
      ...(own.requests_per_day === undefined ? {} : { requestsPerDay: own.requests_per_day }),
    };
  }
  return {
    usdPerDay: budget.usd_per_day,
    usdPerMonth: budget.usd_per_month,
    requestsPerDay: budget.requests_per_day,
    perGateway,
    reserveShare: 0.25,
  };
}

function allowanceOf(caps: Caps, store: Store, nowMs: number): Limits {
  const month = store.ledger.spent({ fromMs: monthStartMs(nowMs), toMs: dayStartMs(nowMs) });
  return dayAllowance(caps, month.usd, nowMs);
}

/** Too much for the day: what is asked seldom gives way before what is asked each minute. */
function spareSome(watched: readonly Watched[], allowance: Limits): Watched[] {
  const paid = watched.filter(isPaid);
  const days = paid.map((w) => ({ everyMs: w.everyMs, dayUsd: projectedDay([w]).usd }));
  const factors = new Map(spareSeldom(days, allowance.usd * calmShare).map((factor, i) => [paid[i], factor]));
  return watched.map((w) => ({ ...w, everyMs: Math.round(w.everyMs * (factors.get(w) ?? 1)) }));
}

function stretchOf(watched: readonly Watched[], caps: Caps, store: Store, nowMs: number): number {
  const paid = watched.filter(isPaid);
  const allowance = allowanceOf(caps, store, nowMs);
  let factor = stretchFor(projectedDay(paid), allowance);
  for (const [gateway, own] of Object.entries(caps.perGateway)) {
    const routes = paid.filter((w) => w.target.gateway === gateway);
    const limits = {
      usd: own.usdPerDay ?? Number.MAX_VALUE,
      requests: own.requestsPerDay ?? Number.MAX_VALUE,
    };
    factor = Math.max(factor, stretchFor(projectedDay(routes), limits));
  }
  return factor;
}

function pace(watched: readonly Watched[], factor: number): Watched[] {
  if (factor === 1) return [...watched];
  // Without any budget the interval stays as it is said: the slots are then stored as missed.
  const stretch = Number.isFinite(factor) ? factor : 1;
  return watched.map((w) => (isPaid(w) ? { ...w, everyMs: Math.round(w.everyMs * stretch) } : w));
}

function cataloguesOf(store: Store, loaded: Loaded): Record<string, CatalogueFacts> {
  const ids = Object.keys(loaded.config.gateways);
  const facts: Record<string, CatalogueFacts> = {};
  for (const gateway of ids.length > 0 ? ids : ['openrouter']) {
    const models = store.catalog.models(gateway);
    const endpoints = store.catalog.endpoints({ gateway });
    if (models.length === 0 && endpoints.length === 0) continue;
    facts[gateway] = { models, endpoints, providers: store.catalog.providers(gateway) };
  }
  return facts;
}

function readChosen(store: Store): Record<string, ChosenRoute[]> {
  try {
    return JSON.parse(store.upkeep.noted(chosenNote) ?? '{}');
  } catch {
    return {};
  }
}
