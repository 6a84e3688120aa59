import { afterEach, describe } from 'vitest';
import type { Store } from '../lib/store.ts';
import { describeEvents } from './contract/events.contract.ts';
import { describeGenerations } from './contract/generations.contract.ts';
import { describeHistory } from './contract/history.contract.ts';
import { describeIncidents } from './contract/incidents.contract.ts';
import { describeLedger } from './contract/ledger.contract.ts';
import { describeLooks } from './contract/looks.contract.ts';
import { describeNumbers } from './contract/numbers.contract.ts';
import { describeOutbox } from './contract/outbox.contract.ts';
import { describePeople } from './contract/people.contract.ts';
import type { Bench } from './contract/samples.contract.ts';
import { describeCatalog, describeUpkeep } from './contract/upkeep.contract.ts';

/** What an engine must pass. A behaviour that is not in here does not exist. */

export interface Engine {
  /** Opens the same, still empty or already filled, database. */
  open(options: { isReader: boolean; nowMs: () => number }): Store;
  /** Called once at the end: everything that was opened is closed by then. */
  drop(): void;
}

export function describeStore(name: string, makeEngine: (nowMs: () => number) => Engine): void {
  let cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.reverse()) cleanup();
    cleanups = [];
  });

  const open = (startMs: number): Bench => {
    const clock = { nowMs: startMs };
    const nowMs = () => clock.nowMs;
    const engine = makeEngine(nowMs);
    const opened: Store[] = [];
    const openOne = (isReader: boolean) => {
      const store = engine.open({ isReader, nowMs });
      opened.push(store);
      return store;
    };
    cleanups.push(() => {
      for (const store of opened) store.close();
      engine.drop();
    });
    const bench: Bench = {
      clock,
      store: openOne(false),
      reader: () => openOne(true),
      restart() {
        bench.store.close();
        opened.splice(opened.indexOf(bench.store), 1);
        bench.store = openOne(false);
        return bench.store;
      },
    };
    return bench;
  };

  describe(name, () => {
    describe('looks', () => describeLooks(open));
    describe('generations', () => describeGenerations(open));
    describe('events', () => describeEvents(open));
    describe('incidents', () => describeIncidents(open));
    describe('outbox', () => describeOutbox(open));
    describe('people', () => describePeople(open));
    describe('ledger', () => describeLedger(open));
    describe('catalog', () => describeCatalog(open));
    describe('history', () => describeHistory(open));
    describe('numbers', () => describeNumbers(open));
    describe('upkeep', () => describeUpkeep(open));
  });
}
