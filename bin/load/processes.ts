import { readdirSync, readFileSync } from 'node:fs';

/** What runs under a process, by the launcher's name: from /proc, so only where there is one. */
export function childrenOf(pid: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent !== pid) continue;
      const part = /bin\/(worker|web)\.mjs/.exec(readFileSync(`/proc/${name}/cmdline`, 'utf8'))?.[1];
      if (part) found.set(part, Number(name));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

export function rssMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? Number.NaN) / 1_024;
}

export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
