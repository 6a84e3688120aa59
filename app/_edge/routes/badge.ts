import { readFresh } from '#app/_data/fresh.ts';
import { availabilityText } from '#lib/core/availability.ts';
import { countedTargets } from '#lib/core/counted-targets.ts';
import type { ComponentState } from '#lib/core/plan.ts';
import { escapeIdPart, targetId } from '#lib/core/target.ts';
import { type Verdict, verdictWords } from '#lib/core/words.ts';
import type { Edge } from '../edge.ts';
import type { Asked, View } from '../guard.ts';
import { memory } from '../memory.ts';
import type { ParameterRules } from '../parameters.ts';
import { Problem } from '../reply.ts';
import { answerNow } from '../sentence.ts';

export const badgeParameters = {
  scope: { kind: 'text', max: 400, about: 'components as kind:id, comma separated; everything when absent' },
  show: { kind: 'one', values: ['state', 'availability', 'latency'], about: 'what the right side says' },
  label: { kind: 'text', max: 40, about: 'the left side' },
} as const satisfies ParameterRules;

const colours = {
  operational: '#2e7d32',
  degraded: '#b26a00',
  partial_outage: '#c2410c',
  major_outage: '#b3261e',
  maintenance: '#1a5fb4',
  unknown: '#5f6368',
} as const satisfies Record<Verdict, string>;

const shieldsColours = {
  operational: 'success',
  degraded: 'yellow',
  partial_outage: 'orange',
  major_outage: 'critical',
  maintenance: 'blue',
  unknown: 'inactive',
} as const satisfies Record<Verdict, string>;

interface Badge {
  label: string;
  message: string;
  verdict: Verdict;
}

function isNamed(c: ComponentState, name: string): boolean {
  return [`${c.kind}:${c.id}`, `${c.kind}:${escapeIdPart(c.id)}`].some((s) => s.toLowerCase() === name);
}

function scoped(edge: Edge, scope: string | undefined): ComponentState[] {
  const names = (scope ?? '').toLowerCase().split(',').filter(Boolean);
  // What the owner hides, and our own key and connection, have no badge.
  const { components } = readFresh({
    settings: edge.settings,
    facts: edge.live.facts(),
    nowMs: edge.nowMs(),
  });
  const found = names.map((name) => components.find((c) => isNamed(c, name)));
  if (found.some((c) => c === undefined)) throw new Problem('unknown-target', 'there is no such component');
  return found.filter((c) => c !== undefined);
}

function worst(components: ComponentState[]): Verdict {
  const known = components
    .map((c) => c.verdict)
    .sort((a, b) => verdictWords[b].severity - verdictWords[a].severity);
  // Grey wins over green: what is not known is not said to be fine.
  return known[0] === 'operational' && known.includes('unknown') ? 'unknown' : (known[0] ?? 'unknown');
}

/** Of no component in particular: everything that is asked. */
function routeKeys(edge: Edge, components: ComponentState[]): string[] {
  const { fleet, chains } = edge.live.facts();
  const asked = fleet.filter(({ probe }) => probe === 'completion');
  if (components.length === 0) return asked.map((w) => w.key);
  const steps = chains
    .filter((chain) => components.some((c) => c.kind === 'chain' && c.id === chain.id))
    .flatMap((chain) => chain.steps.map(targetId));
  const inChain = asked.filter(({ target }) => steps.includes(targetId(target)));
  const counted = components.flatMap((c) => countedTargets(c, asked));
  return [...new Set([...inChain, ...counted].map((w) => w.key))];
}

function badgeOf({ edge, parameters }: Asked): Badge {
  const components = scoped(edge, parameters.get('scope'));
  const verdict = components.length > 0 ? worst(components) : answerNow(edge).answer.verdict;
  const label = parameters.get('label') ?? (components.map((c) => c.id).join(', ') || edge.settings.title);
  const show = parameters.get('show') ?? 'state';
  if (show === 'state') return { label, message: verdictWords[verdict].badge, verdict };
  const keys = routeKeys(edge, components);
  const toMs = edge.nowMs();
  if (show === 'latency') {
    const windows = edge.live
      .facts()
      .windows.filter((w) => w.windowMs === 3_600_000 && keys.includes(w.targetKey));
    const values = windows.flatMap((w) => w.firstTokenMs?.p50 ?? []).sort((a, b) => a - b);
    const middle = values[Math.floor(values.length / 2)];
    return { label, message: middle === undefined ? 'not measured' : `${Math.round(middle)} ms`, verdict };
  }
  const figure = edge.store.history.availability({
    targetKeys: keys,
    fromMs: toMs - 30 * 86_400_000,
    toMs,
    convention: 'openrouter',
  });
  const share = availabilityText(figure);
  return { label, message: share === null ? 'not measured' : `${share} % in 30 d`, verdict };
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`).replace(/[\x00-\x08\x0b-\x1f]/g, '');
}

/** Verdana's average at 11 px; `textLength` makes it exact in the reader's own font. */
function widthOf(text: string): number {
  return Math.round(
    Array.from(text).reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? 11 : 6.6), 0),
  );
}

export function badgeSvg({ label, message, verdict }: Badge): string {
  const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const [left, right] = [cut(label), cut(message)];
  const [a, b] = [widthOf(left) + 10, widthOf(right) + 10];
  const text = (x: number, width: number, words: string) =>
    `<text x="${x}" y="14" textLength="${width - 10}" lengthAdjust="spacingAndGlyphs">${escapeXml(words)}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${escapeXml(`${left}: ${right}`)}">` +
    `<title>${escapeXml(`${left}: ${right}`)}</title><rect width="${a + b}" height="20" rx="3" fill="#444"/>` +
    `<path d="M${a} 0h${b - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${a}z" fill="${colours[verdict]}"/>` +
    `<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">${text(5, a, left)}${text(a + 5, b, right)}</g></svg>`
  );
}

/** `GET /badge.svg?scope=provider:groq`. */
export const badge: View = (asked) =>
  memory(asked.edge, () => badgeSvg(badgeOf(asked)), {
    type: 'image/svg+xml',
    caching: 'public, max-age=30, stale-while-revalidate=60, stale-if-error=600',
  });

/** `GET /badge.json`: for shields.io's endpoint badge. */
export const badgeJson: View = (asked) =>
  memory(asked.edge, () => {
    const { label, message, verdict } = badgeOf(asked);
    return { schemaVersion: 1, label, message, color: shieldsColours[verdict], cacheSeconds: 60 };
  });
