import { readFresh } from '#app/_data/fresh.ts';
import { firstLine } from '#app/_data/overview.ts';
import type { WatchedAnswer } from '#app/_data/watch.ts';
import { generatedAtMs, validUntilMs } from '#lib/core/feed-facts.ts';
import { iso } from '#lib/core/feed-routing.ts';
import type { ComponentState, Incident } from '#lib/core/plan.ts';
import { blendedVerdict, nameOf, overallSentence } from '#lib/core/sentence.ts';
import { verdictWords } from '#lib/core/words.ts';
import { en } from '#lib/words/en.ts';
import type { Edge } from '../edge.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { answerNow } from '../sentence.ts';

const mostIncidents = 5;

/** `GET /status.json`: small enough for a watch face. */
export const statusJson: View = ({ edge }) =>
  memory(edge, () => {
    const facts = edge.live.facts();
    const { answer, sentence, incidents } = answerNow(edge);
    const verdict = answer.verdict === 'major_outage' ? blendedVerdict(answer.overall) : answer.verdict;
    return {
      status: verdictWords[verdict].feed,
      verdict,
      sentence,
      generated_at: iso(generatedAtMs(facts)),
      valid_until: iso(validUntilMs(facts)),
      incidents: incidents
        .filter((i) => i.status === 'open' && i.isPublic)
        .slice(0, mostIncidents)
        .map((i) => ({ id: i.id, title: i.title, impact: i.impact, started_at: iso(i.startedAtMs) })),
    };
  });

function said(components: ComponentState[], kind: ComponentState['kind']): string {
  const mine = components.filter((c) => c.kind === kind);
  const not = mine.filter((c) => c.verdict !== 'operational');
  const word = (c: ComponentState) => verdictWords[c.verdict].page.toLowerCase();
  const [only] = mine;
  if (!only) return 'none watched';
  if (mine.length === 1) return `${nameOf(only.id)} ${word(only)}`;
  if (not.length === 0) return `all ${mine.length} operational`;
  const shown = not.slice(0, 4).map((c) => `${nameOf(c.id)} ${word(c)}`);
  return `${shown.join(', ')}${not.length > 4 ? `, ${not.length - 4} more` : ''}; ${mine.length - not.length} of ${mine.length} operational`;
}

/** Ten plain lines, for terminals; with a watch list the first is about exactly that. */
export function statusLines(edge: Edge, watch?: string): string[] {
  const { settings, live, nowMs } = edge;
  const fresh = readFresh({ settings, facts: live.facts(), nowMs: nowMs() });
  const { answer, incidents } = firstLine({ nowMs: nowMs() }, fresh, watch);
  const open = incidents.filter((i) => i.status === 'open');
  const line = (name: string, text: string) => `${`${name}:`.padEnd(11)}${text}`;
  const at = `${edge.url ?? ''}/${watch ? `?watch=${encodeURIComponent(watch)}` : ''}`;
  return [
    fresh.freshness === 'never' ? 'Nothing has been checked yet.' : writeAnswer(answer),
    line('Gateway', said(fresh.components, 'gateway')),
    line('Catalogue', said(fresh.components, 'catalog')),
    line('They say', said(fresh.components, 'official')),
    line('Providers', said(fresh.components, 'provider')),
    line('Models', said(fresh.components, 'model')),
    line('Chains', said(fresh.components, 'chain')),
    line('Incidents', open.length === 0 ? 'none open' : open.slice(0, 3).map(titled).join('; ')),
    line('Last check', answer.lastCheckAtMs === null ? ' none yet' : ` ${iso(answer.lastCheckAtMs)}`),
    line('More', `${at}  ${edge.url ?? ''}/api/v1/health`),
  ];
}

function titled(incident: Incident): string {
  return `${incident.title} (since ${iso(incident.startedAtMs).slice(0, 16)}Z)`;
}

function writeAnswer({ watched, overall }: WatchedAnswer): string {
  return watched ? en.watch.sentence(watched) : overallSentence(overall);
}

/** `GET /status.txt`. */
export const statusText: View = ({ edge }) =>
  memory(edge, () => `${statusLines(edge).join('\n')}\n`, { type: 'text/plain; charset=utf-8' });
