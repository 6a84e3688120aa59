import { type BuiltFleet, buildFleet } from '#lib/config/fleet.ts';
import { parseStep } from '#lib/config/fleet-parts.ts';
import { type Loaded, loadConfig } from '#lib/config/load.ts';
import { publicNames } from '#lib/config/presets.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import { classify } from '#lib/core/outcome.ts';
import type { Outcome } from '#lib/core/outcome-words.ts';
import type { Found } from '#lib/core/plan.ts';
import { createTrusted } from '#lib/http.ts';
import { createRedact } from '#lib/redact.ts';
import { createClock, tickMs } from '#probes/clock.ts';
import { probeTable } from '#probes/kinds/table.ts';
import type { Probe } from '#probes/probe.ts';
import { type Io, Usage } from './command.ts';

/** One look by hand: the same probe the worker runs, without a store. */

export interface Desk {
  loaded: Loaded;
  fleet: BuiltFleet;
  look(watched: Watched, timeoutMs?: number): Promise<Seen>;
}

export interface Seen {
  watched: Watched;
  observation: Observation;
  found: Found[];
  outcome: Outcome;
}

/** `routes`: steps such as `openrouter/any/openai/gpt-5-mini` that need not be configured. */
export function openDesk(io: Io, routes: string[] = []): Desk {
  const loaded = withRoutes(loadConfig({ env: io.env, cwd: io.cwd }), routes);
  const fleet = buildFleet(loaded, {}, {}, Date.now());
  const http = createTrusted();
  const clock = createClock();
  // A clock that nobody ticks takes every wait for a standstill of our own.
  setInterval(() => clock.tick(), tickMs).unref();
  const redact = createRedact([...fleet.keys.values()], publicNames);
  return {
    loaded,
    fleet,
    async look(watched, timeoutMs = watched.timeoutMs) {
      const probe: Probe | undefined = (probeTable as Partial<Record<string, Probe>>)[watched.probe];
      if (!probe) throw new Usage(`there is no check of kind ${watched.probe}`);
      const { observation, found } = await probe(
        { ...watched, timeoutMs },
        {
          vantage: loaded.config.vantage,
          why: 'manual',
          slot: null,
          key: watched.keyName ? (fleet.keys.get(watched.keyName) ?? null) : null,
          signal: AbortSignal.timeout(timeoutMs + 2_000),
          timeoutMs,
          http,
          clock,
          random: Math.random,
          memory: new Map(),
          redact,
        },
      );
      return { watched, observation, found: found ?? [], outcome: classify(observation, { watched }) };
    },
  };
}

/** The configuration with these routes watched and nothing else paid for. */
function withRoutes(loaded: Loaded, steps: string[]): Loaded {
  const gateways = { ...loaded.config.gateways };
  if (Object.keys(gateways).length === 0)
    gateways.openrouter = { key_is_byok: false, every: {}, timeout: {}, watch: [] };
  for (const [id, gateway] of Object.entries(gateways)) {
    const mine = steps.map(parseStep).filter((target) => target?.gateway === id);
    gateways[id] = {
      ...gateway,
      watch: [],
      routes: mine.map((target) => ({ provider: target?.provider ?? 'any', model: target?.model ?? '' })),
    };
  }
  return { ...loaded, config: { ...loaded.config, gateways } };
}
