import { promises as dns, lookup as systemLookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { LookFault } from './http-faults.ts';

export interface Address {
  address: string;
  family: 4 | 6;
}

/** Names to addresses. Never cached: availability is asked of the name as it is now. */
export interface Resolver {
  resolve(hostname: string, family?: 4 | 6): Promise<Address[]>;
}

export interface ResolverOptions {
  timeoutMs?: number;
  tries?: number;
  /** Name servers instead of the system's. */
  servers?: string[];
  hostsPath?: string;
}

// dns.lookup runs on libuv's thread pool: a few dead names must not be able to take all of it.
const maxSystemLookups = 2;
const hostsReadEveryMs = 30_000;

export function createResolver(options: ResolverOptions = {}): Resolver {
  const timeoutMs = options.timeoutMs ?? 2_000;
  const cares = new dns.Resolver({ timeout: timeoutMs, tries: options.tries ?? 2 });
  if (options.servers) cares.setServers(options.servers);
  const isInHosts = createHostsFile(options.hostsPath ?? '/etc/hosts');
  const throughSystem = createSystemLookup(timeoutMs * 2);
  return {
    resolve: (hostname, family) => {
      const name = hostname.replace(/\.$/, '').toLowerCase();
      const isLocal =
        name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local') || !name.includes('.');
      return isLocal || isInHosts(name) ? throughSystem(name, family) : resolveByCares(cares, name, family);
    },
  };
}

async function resolveByCares(cares: dns.Resolver, name: string, family?: 4 | 6): Promise<Address[]> {
  const ask = async (wanted: 4 | 6): Promise<Address[]> => {
    const found = wanted === 4 ? await cares.resolve4(name) : await cares.resolve6(name);
    return found.map((address) => ({ address, family: wanted }));
  };
  try {
    if (family) return await ask(family);
    return await ask(4);
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'EDNS';
    // v6 is asked only when v4 has no answer: one family per look, and the look says which.
    if (!family && code === 'ENODATA')
      return ask(6).catch((second) => Promise.reject(dnsFault(name, second)));
    throw dnsFault(name, error);
  }
}

function dnsFault(name: string, error: unknown): LookFault {
  const code = (error as { code?: string }).code ?? 'EDNS';
  return new LookFault('dns', code, `${name}: ${code}`, error);
}

function createSystemLookup(timeoutMs: number): (name: string, family?: 4 | 6) => Promise<Address[]> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const release = () => {
    running -= 1;
    waiting.shift()?.();
  };
  const start = (name: string, family: 4 | 6 | undefined, done: (r: Address[] | LookFault) => void) => {
    running += 1;
    systemLookup(name, { all: true, order: 'ipv4first', ...(family ? { family } : {}) }, (error, list) => {
      release();
      done(
        error
          ? dnsFault(name, error)
          : list.map(({ address, family: found }) => ({ address, family: found === 6 ? 6 : 4 })),
      );
    });
  };
  return (name, family) =>
    new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (result: Address[] | LookFault) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        if (result instanceof LookFault) reject(result);
        else resolve(result);
      };
      const begin = () => (isSettled ? waiting.shift()?.() : start(name, family, settle));
      const timer = setTimeout(() => settle(dnsFault(name, { code: 'ETIMEOUT' })), timeoutMs);
      if (running < maxSystemLookups) begin();
      else waiting.push(begin);
    });
}

function createHostsFile(path: string): (name: string) => boolean {
  let names = new Set<string>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (name) => {
    const nowMs = performance.now();
    if (nowMs - readAtMs > hostsReadEveryMs) {
      readAtMs = nowMs;
      names = readHosts(path);
    }
    return names.has(name);
  };
}

function readHosts(path: string): Set<string> {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    const words = lines.flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
    return new Set(words.map((word) => word.toLowerCase()));
  } catch {
    return new Set();
  }
}
