import type { AdminFacts } from '#app/_data/web.ts';
import { configSchema } from '#lib/config/schema.ts';
import { auditLines } from './audit.ts';
import type { Edge } from './edge.ts';

const secretWords = /key|token|secret|password|webhook_url|smtp|headers?$/i;
const mostLines = 500;

/** What only the administrator sees. A secret is shown as set or not, never itself. */
export function adminFacts(edge: Edge): AdminFacts {
  const defaults = new Map(flat('', configSchema.parse({})));
  const config = flat('', edge.config).slice(0, mostLines);
  return {
    config: config.map(([path, value]) => ({
      path,
      value: shown(path, value),
      from: defaults.get(path) === value ? 'default' : 'configuration',
    })),
    audit: auditLines(edge),
    health: health(edge),
  };
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
  const facts = live.facts();
  const ageS = facts.beatMs === null ? null : Math.round((edge.nowMs() - facts.beatMs) / 1000);
  return [
    {
      name: 'worker last heard of',
      value: ageS === null ? 'never' : `${ageS} s ago`,
      isGood: !facts.isExpired,
    },
    { name: 'store', value: live.trouble ?? 'readable', isGood: live.trouble === null },
    { name: 'feed position', value: `${facts.epoch}-${facts.seq}`, isGood: true },
    { name: 'open streams', value: String(streams.open), isGood: true },
    { name: 'streams cut off', value: String(streams.cut), isGood: true },
    { name: 'pages rendered', value: String(pages?.renders ?? 0), isGood: true },
    {
      name: 'memory of the web process',
      value: `${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
      isGood: true,
    },
  ];
}
