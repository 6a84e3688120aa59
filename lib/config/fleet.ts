import type { Chain, Watched } from '../core/fleet.ts';
import type { ChosenRoute } from '../core/fleet-default.ts';
import { addOfficialPages, addProviders } from './fleet-direct.ts';
import { addAccounts, addGateway } from './fleet-gateway.ts';
import {
  type BuiltFleet,
  type CatalogueFacts,
  defaults,
  emptyGateway,
  type Maker,
  maker,
  parseStep,
} from './fleet-parts.ts';
import { listedNames } from './listed-names.ts';
import type { Loaded } from './load.ts';
import type { Config } from './schema.ts';

export type { BuiltFleet, CatalogueFacts } from './fleet-parts.ts';

/**
 * Everything to be watched, from configuration, environment, presets and what each gateway's catalogue lists.
 * `previous` are the routes chosen before: they stay as long as they are listed.
 */
export function buildFleet(
  loaded: Pick<Loaded, 'config' | 'env'>,
  catalogues: Record<string, CatalogueFacts>,
  previous: Record<string, ChosenRoute[]>,
  nowMs: number,
): BuiltFleet {
  const watched = new Map<string, Watched>();
  const built: BuiltFleet = { watched: [], chains: [], keys: new Map(), chosen: {}, remarks: [] };
  const add = maker(watched);
  const { config } = loaded;

  addControls(config, add);
  const gateways = Object.keys(config.gateways).length > 0 ? config.gateways : { openrouter: emptyGateway };
  for (const [id, gateway] of Object.entries(gateways))
    addGateway({
      id,
      gateway: { ...gateway, watch: listedNames(catalogues[id]?.models, gateway.watch) },
      loaded,
      facts: catalogues[id],
      previous: previous[id] ?? [],
      nowMs,
      add,
      built,
    });
  addAccounts(config, gateways, add, built);
  addProviders(loaded, add, built);
  addOfficialPages(config, add);
  addPlain(config, add);

  built.watched = [...watched.values()];
  built.chains = chainsOf(config);
  return built;
}

function addControls(config: Config, add: Maker): void {
  for (const control of config.controls)
    add(
      'control',
      { gateway: null, provider: control.name, model: null },
      {
        baseUrl: control.url,
        everyMs: defaults.controlMs,
        timeoutMs: 5_000,
      },
    );
}

function addPlain(config: Config, add: Maker): void {
  for (const one of config.http)
    add(
      'http',
      { gateway: null, provider: one.name, model: null },
      {
        baseUrl: one.url,
        everyMs: one.every,
        timeoutMs: one.timeout,
        options: { method: 'GET', expect: one.expect },
      },
    );
  for (const one of config.heartbeats)
    add(
      'heartbeat',
      { gateway: null, provider: one.name, model: null },
      {
        baseUrl: '',
        everyMs: one.every,
        options: { graceMs: one.grace },
      },
    );
}

function chainsOf(config: Config): Chain[] {
  return Object.entries(config.chains).map(([id, steps]) => ({
    id,
    steps: steps.map(parseStep).filter((target) => target !== null),
  }));
}

/** What the fleet costs if every slot is run. */
export function fleetCostPerDay(watched: Watched[]): { usd: number; requests: number } {
  let usd = 0;
  let requests = 0;
  for (const one of watched) {
    if (one.priceUsd <= 0) continue;
    const looks = 86_400_000 / one.everyMs;
    usd += looks * one.priceUsd;
    requests += looks;
  }
  return { usd, requests: Math.round(requests) };
}
