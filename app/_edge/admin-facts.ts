import type { AdminFacts, HealthName, Origin } from '#app/_data/web.ts';
import type { Origins } from '#lib/config/origins.ts';
import { mutesNow } from '#lib/ops/mute-scope.ts';
import { auditLines } from './audit.ts';
import type { Edge } from './edge.ts';
import { isPlannedByHand, plannedWindows } from './planned.ts';

const secretWords = /key|token|secret|password|webhook_url|smtp|headers?$/i;
const mostLines = 500;

/** What only the administrator sees. A secret is shown as set or not, never itself. */
export function adminFacts(edge: Edge): AdminFacts {
  const nowMs = edge.nowMs();
  return {
    config: flat('', edge.config)
      .slice(0, mostLines)
      .map(([path, value]) => ({ path, value: shown(path, value), from: originOf(edge.origins, path) })),
    audit: auditLines(edge),
    health: health(edge),
    maintenance: plannedWindows(edge.config, edge.store, nowMs)
      .filter((window) => window.toMs > nowMs)
      .map(({ id, title, scope, fromMs, toMs }) => ({
        ...{ id, title, scope, fromMs, toMs },
        isByHand: isPlannedByHand(edge.store, id),
      })),
    mutes: mutesNow({ store: edge.store, nowMs }),
  };
}

/** A list or a mapping that stands in the file gives all that is in it, unless the environment gave a part. */
function originOf(origins: Origins, path: string): Origin {
  const name = origins.environment.get(path);
  if (name !== undefined) return { kind: 'environment', name };
  const line = origins.lines.get(path);
  return line === undefined ? { kind: 'default' } : { kind: 'file', line };
}

function flat(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? '[]' : '{}']];
  return entries.flatMap(([name, inner]) => flat(path === '' ? name : `${path}.${name}`, inner));
}

function shown(path: string, value: unknown): string {
  if (secretWords.test(path)) return value === null || value === undefined ? 'not set' : 'set';
  // A password may stand in any address.
  return String(value)
    .replace(/\/\/[^/@\s]+@/g, '//…@')
    .slice(0, 200);
}

function health(edge: Edge): AdminFacts['health'] {
  const { live, streams, pages } = edge;
  const count = (name: HealthName, value: number) => ({ name, value, isGood: true });
  const { epoch, seq } = live.facts();
  return [
    { name: 'store', value: live.trouble ?? 'ok', isGood: live.trouble === null },
    { name: 'position', value: `${epoch}-${seq}`, isGood: true },
    count('streams', streams.open),
    count('cut', streams.cut),
    count('renders', pages?.renders ?? 0),
    { name: 'memory', value: `${Math.round(process.memoryUsage.rss() / 1e6)} MB`, isGood: true },
  ];
}
