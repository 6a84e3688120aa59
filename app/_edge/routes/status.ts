import { readFresh } from '#app/_data/fresh.ts';
import { firstLine } from '#app/_data/overview.ts';
import type { WatchedAnswer } from '#app/_data/watch.ts';
import { generatedAtMs, validUntilMs } from '#lib/core/feed-facts.ts';
import { iso } from '#lib/core/feed-routing.ts';
import type { ComponentState, Incident } from '#lib/core/plan.ts';
import { blendedVerdict, nameOf } from '#lib/core/sentence.ts';
import { verdictWords } from '#lib/core/words.ts';
import { localPath } from '#lib/words/path.ts';
import { type Words, wordsFor } from '#lib/words/words.ts';
import type { Edge } from '../edge.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { answerNow } from '../sentence.ts';

const mostIncidents = 5;
const mostNamed = 4;

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

function said(components: ComponentState[], words: Words): string {
  const w = words.terminal;
  const not = components.filter((c) => c.verdict !== 'operational');
  const one = (c: ComponentState) => `${nameOf(c.id)} ${words.state[c.verdict].toLowerCase()}`;
  const [only] = components;
  if (!only) return w.notWatched;
  if (components.length === 1) return one(only);
  if (not.length === 0) return w.allWork(components.length);
  const work = components.length - not.length;
  return w.someWork(not.slice(0, mostNamed).map(one), not.length - mostNamed, work, components.length);
}

const kinds = ['gateway', 'catalog', 'official', 'provider', 'model', 'chain'] as const;

/** Ten plain lines, for terminals; with a watch list the first is about exactly that. */
export function statusLines(edge: Edge, { watch, lang }: { watch?: string; lang?: string } = {}): string[] {
  const { settings, live, nowMs } = edge;
  const words = wordsFor(lang ?? 'en');
  const w = words.terminal;
  const fresh = readFresh({ settings, facts: live.facts(), nowMs: nowMs() });
  const { answer, incidents } = firstLine({ nowMs: nowMs() }, fresh, watch);
  const open = incidents.filter((i) => i.status === 'open').slice(0, 3);
  const names = [...kinds.map((kind) => w[kind]), w.incidents, w.lastCheck, w.more];
  const longest = Math.max(...names.map(widthOf));
  const line = (name: string, text: string) => `${name}:${' '.repeat(longest - widthOf(name)) || ' '}${text}`;
  const page = localPath(words.lang, watch ? `/?watch=${encodeURIComponent(watch)}` : '/');
  const titled = (i: Incident) =>
    w.since(
      words.incident.name({ ...i, isTitled: i.pinned.includes('title') }),
      `${iso(i.startedAtMs).slice(0, 16)}Z`,
    );
  return [
    fresh.freshness === 'never' ? w.never : writeAnswer(answer, words),
    ...kinds.map((kind) =>
      line(
        w[kind],
        said(
          fresh.components.filter((c) => c.kind === kind),
          words,
        ),
      ),
    ),
    line(w.incidents, open.length === 0 ? w.noneOpen : open.map(titled).join('; ')),
    line(w.lastCheck, answer.lastCheckAtMs === null ? w.noneYet : iso(answer.lastCheckAtMs)),
    line(w.more, `${edge.url ?? ''}${page}  ${edge.url ?? ''}/api/v1/health`),
  ];
}

/** Columns on a terminal: Chinese characters take two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0);
}

function writeAnswer({ watched, overall }: WatchedAnswer, words: Words): string {
  return watched ? words.watch.sentence(watched) : words.answer.sentence(overall);
}

/** `GET /status.txt`. */
export const statusText: View = ({ edge }) =>
  memory(edge, () => `${statusLines(edge).join('\n')}\n`, { type: 'text/plain; charset=utf-8' });
