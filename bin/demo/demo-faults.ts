import { misleading401, providerDown, providerLimited, providerSlow } from '#probes/sim/faults.ts';
import type { DemoWorld } from './world.ts';

/** What can be broken by a button. Each returns how to mend it. */
export interface DemoFault {
  label: string;
  /** What the page should say whose fault it is, for people and for the benchmark. */
  cause: { kind: string; id: string };
  about: string;
  strike: (world: DemoWorld, nowMs: number) => () => void;
}

export const demoFaults = {
  provider: {
    label: 'A provider fails',
    cause: { kind: 'provider', id: 'groq' },
    about: 'Groq answers 502 to everything that OpenRouter sends it.',
    strike: (world) => world.gateway.script(providerDown('groq', 502)),
  },
  gateway: {
    label: 'The gateway answers 401',
    cause: { kind: 'gateway', id: 'openrouter' },
    about:
      'OpenRouter tells nearly every caller "User not found", as it did in February 2026; no key is wrong.',
    strike: (world, nowMs) => {
      const undo = world.gateway.script(misleading401(0.9));
      const id = `demo-${nowMs}`;
      // The official page is late, as it was.
      const late = setTimeout(() => {
        const what = {
          title: '401 errors across the API',
          status: 'major_outage',
          text: 'We are investigating.',
        };
        world.gateway.page.declare({ id, ...what, nowMs: Date.now() });
      }, 45_000);
      return () => {
        undo();
        clearTimeout(late);
        world.gateway.page.resolve(id, Date.now());
      };
    },
  },
  model: {
    label: 'A model is withdrawn',
    cause: { kind: 'model', id: 'openai/gpt-4o-mini' },
    about: 'openai/gpt-4o-mini leaves the catalogue: nobody serves it any more.',
    strike: (world) => {
      world.gateway.catalog.withdraw('openai/gpt-4o-mini');
      return () => void world.gateway.catalog.restore('openai/gpt-4o-mini');
    },
  },
  credit: {
    label: 'Credit runs out',
    cause: { kind: 'account', id: 'openrouter' },
    about: 'Our own account at OpenRouter is empty. Nobody is down.',
    strike: (world) => {
      const before = world.gateway.account.remainingUsd;
      world.gateway.account.remainingUsd = 0;
      return () => {
        world.gateway.account.remainingUsd = before;
      };
    },
  },
  network: {
    label: 'Our own network dies',
    cause: { kind: 'prober', id: 'demo' },
    about: 'Nothing can be reached from here, the reference sites neither. Nobody else is to blame.',
    strike: (world) => {
      world.setLine(false);
      return () => world.setLine(true);
    },
  },
  slow: {
    label: 'A provider is slow',
    cause: { kind: 'provider', id: 'novita' },
    about:
      'Novita takes three seconds longer to its first word. Slowness is only called so after three minutes of it.',
    strike: (world) => world.gateway.script(providerSlow('novita', 3_000)),
  },
  limited: {
    label: 'A provider turns us away',
    cause: { kind: 'provider', id: 'deepinfra' },
    about:
      'DeepInfra answers 429 to most requests: saturated, not down. That, too, takes three minutes to be sure of.',
    strike: (world) => world.gateway.script(providerLimited('deepinfra', 5, 0.8)),
  },
} as const satisfies Record<string, DemoFault>;

export type FaultId = keyof typeof demoFaults;
export const faultIds = Object.keys(demoFaults) as FaultId[];

export interface FaultPanel {
  strike(id: FaultId, by: 'person' | 'story'): void;
  mend(id?: FaultId): void;
  active(): FaultId[];
  log: { atMs: number; what: 'strike' | 'mend'; id: FaultId; by: string }[];
}

export function createPanel(world: DemoWorld, nowMs: () => number): FaultPanel {
  const undo = new Map<FaultId, () => void>();
  const log: FaultPanel['log'] = [];
  const note = (what: 'strike' | 'mend', id: FaultId, by: string): void => {
    log.push({ atMs: nowMs(), what, id, by });
    if (log.length > 200) log.shift();
  };
  return {
    log,
    strike(id, by) {
      if (undo.has(id)) return;
      undo.set(id, demoFaults[id].strike(world, nowMs()));
      note('strike', id, by);
    },
    mend(id) {
      for (const one of id ? [id] : [...undo.keys()]) {
        const back = undo.get(one);
        if (!back) continue;
        back();
        undo.delete(one);
        note('mend', one, 'person');
      }
    },
    active: () => [...undo.keys()],
  };
}
