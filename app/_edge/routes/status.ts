import { generatedAtMs, validUntilMs } from '#lib/core/feed-facts.ts';
import { iso } from '#lib/core/feed-routing.ts';
import type { ComponentState } from '#lib/core/plan.ts';
import { verdictWords } from '#lib/core/words.ts';
import type { Edge } from '../edge.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { answerNow } from '../sentence.ts';

const mostIncidents = 5;

function openIncidents(edge: Edge) {
  return edge.live.facts().incidents.filter((i) => i.status === 'open' && i.isPublic);
}

/** `GET /status.json`: small enough for a watch face. */
export const statusJson: View = ({ edge }) =>
  memory(edge, () => {
    const facts = edge.live.facts();
    const { answer, sentence } = answerNow(edge);
    return {
      status: verdictWords[answer.verdict].feed,
      verdict: answer.verdict,
      sentence,
      generated_at: iso(generatedAtMs(facts)),
      valid_until: iso(validUntilMs(facts)),
      incidents: openIncidents(edge)
        .slice(0, mostIncidents)
        .map((i) => ({ id: i.id, title: i.title, impact: i.impact, started_at: iso(i.startedAtMs) })),
    };
  });

function bad(components: ComponentState[], kind: ComponentState['kind']): string {
  const mine = components.filter((c) => c.kind === kind);
  const not = mine.filter((c) => c.verdict !== 'operational');
  if (mine.length === 0) return 'none watched';
  if (not.length === 0) return `all ${mine.length} operational`;
  const shown = not.slice(0, 4).map((c) => `${c.id} ${verdictWords[c.verdict].page.toLowerCase()}`);
  return `${shown.join(', ')}${not.length > 4 ? `, ${not.length - 4} more` : ''}; ${mine.length - not.length} of ${mine.length} operational`;
}

/** Ten plain lines, for terminals. */
export function statusLines(edge: Edge): string[] {
  const facts = edge.live.facts();
  const { sentence } = answerNow(edge);
  const gateways = facts.components.filter((c) => c.kind === 'gateway');
  const open = openIncidents(edge);
  const lastMs = Math.max(0, ...facts.routes.map((r) => r.confidence.lastSampleAtMs ?? 0));
  return [
    sentence,
    `Gateway:   ${gateways.map((c) => `${c.id} ${verdictWords[c.verdict].page.toLowerCase()}`).join(', ') || 'none watched'}`,
    `Catalogue: ${bad(facts.components, 'catalog')}`,
    `OpenRouter says: ${bad(facts.components, 'official')}`,
    `Providers: ${bad(facts.components, 'provider')}`,
    `Models:    ${bad(facts.components, 'model')}`,
    `Chains:    ${bad(facts.components, 'chain')}`,
    `Incidents: ${
      open.length === 0
        ? 'none open'
        : open
            .slice(0, 3)
            .map((i) => `${i.title} (since ${iso(i.startedAtMs).slice(0, 16)}Z)`)
            .join('; ')
    }`,
    `Last check: ${lastMs > 0 ? iso(lastMs) : 'none yet'}`,
    `More:      ${edge.url ?? ''}/  ${edge.url ?? ''}/api/v1/health`,
  ];
}

/** `GET /status.txt`. */
export const statusText: View = ({ edge }) =>
  memory(edge, () => `${statusLines(edge).join('\n')}\n`, { type: 'text/plain; charset=utf-8' });
