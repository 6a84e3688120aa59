import { generatedAtMs, validUntilMs } from '#lib/core/feed-facts.ts';
import { iso, routingTarget } from '#lib/core/feed-routing.ts';
import type { ExportAsk } from '#lib/exports/export.ts';
import { type ExportFormat, exportFormats, exportNames } from '#lib/exports/table.ts';
import type { Edge } from '../edge.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { numberOf, type ParameterRules, type Parameters } from '../parameters.ts';
import { Problem } from '../reply.ts';

export const exportParameters = {
  model: {
    kind: 'text',
    max: 2_000,
    about: 'comma list: the first is wanted, the rest are fallbacks in order',
  },
  mode: { kind: 'one', values: ['exclude', 'order'], about: 'exclude (default) or order' },
  keep: {
    kind: 'number',
    min: 1,
    max: 100,
    about: 'targets per model that are never excluded; 1 when absent',
  },
  target: { kind: 'text', max: 6_000, about: 'the reader’s own target ids, in its order' },
  endpoint: { kind: 'text', max: 8_000, about: 'comma list of id@address:port' },
  cluster: { kind: 'text', max: 100, about: 'name of the cluster' },
} as const satisfies ParameterRules;

function listed(parameters: Parameters, name: string): string[] {
  return (parameters.get(name) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

function endpointOf(text: string): ExportAsk['endpoints'][number] {
  const at = text.lastIndexOf('@');
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const host = text.slice(at + 1, colon).replace(/^\[|\]$/g, '');
  const isGood =
    at > 0 &&
    colon > at &&
    Number.isInteger(port) &&
    port > 0 &&
    port < 65_536 &&
    // What stands in a file that a proxy reads must not be able to begin a line of its own.
    /^[A-Za-z0-9._~:-]+$/.test(text.slice(0, at)) &&
    /^[0-9a-fA-F.:]+$/.test(host);
  if (isGood) return { id: text.slice(0, at).toLowerCase(), host, port };
  throw new Problem('invalid-parameter', 'endpoint must be id@address:port', {
    errors: [
      {
        parameter: 'endpoint',
        detail: 'must be id@address:port, with a target’s id and an address in numbers',
      },
    ],
  });
}

export function exportAsk(edge: Edge, parameters: Parameters): ExportAsk {
  const facts = edge.live.facts();
  return {
    epoch: facts.epoch,
    seq: facts.seq,
    generatedAt: iso(generatedAtMs(facts)),
    validUntil: iso(validUntilMs(facts)),
    hasOpinion: facts.beatMs !== null && !facts.isExpired,
    targets: facts.routes.map(routingTarget),
    models: listed(parameters, 'model'),
    mode: parameters.get('mode') === 'order' ? 'order' : 'exclude',
    keep: numberOf(parameters, 'keep', 1),
    ids: listed(parameters, 'target'),
    endpoints: listed(parameters, 'endpoint').map(endpointOf),
    reasons: new Map(facts.routes.flatMap((r) => (r.circuit.reason ? [[r.targetId, r.circuit.reason]] : []))),
    cluster: parameters.get('cluster') ?? 'signalbox',
  };
}

/** `GET /api/v1/export/{format}`. */
export const exported: View = ({ edge, parts, parameters }) => {
  const format = parts.format ?? '';
  if (!Object.hasOwn(exportFormats, format))
    throw new Problem('unknown-format', `there are ${exportNames.join(', ')}`);
  const { type, body } = exportFormats[format as ExportFormat](exportAsk(edge, parameters));
  return memory(edge, () => body, { type, caching: 'public, max-age=5, stale-if-error=60' });
};
