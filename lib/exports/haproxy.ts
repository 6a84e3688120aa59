import type { RoutingTarget } from '../core/feed-routing.ts';
import type { Export, ExportAsk } from './export.ts';

/**
 * One line of HAProxy's agent protocol about the first id; the others are the rest of its backend. Always both `up` and
 * `ready`, and a space before `#`: without it some versions silently ignore the line. Never `down` for the last one.
 */
export function agentLine(ask: Pick<ExportAsk, 'targets' | 'hasOpinion' | 'ids' | 'reasons'>): string {
  const known = new Map(ask.targets.map((t) => [t.id.toLowerCase(), t]));
  const [first, ...others] = ask.ids.map((id) => known.get(id.toLowerCase()) ?? null);
  if (!first || !ask.hasOpinion) return 'up ready 100%\n';
  if (first.state === 'maintenance') return isAnybodyElseIn(others) ? 'drain\n' : 'up ready 1%\n';
  switch (first.circuit.state) {
    case 'closed':
      return `up ready ${first.state === 'unknown' ? 100 : Math.max(1, first.advice.weight)}%\n`;
    case 'half_open':
      return 'up ready 10%\n';
    case 'open':
      if (first.advice.action === 'last_resort' || !isAnybodyElseIn(others)) return 'up ready 1%\n';
      return `down #signalbox ${ask.reasons.get(first.id) ?? first.state}\n`;
    default:
      return first.circuit.state satisfies never;
  }
}

/** A server we know nothing of is in; a backend of one server has nobody else. */
function isAnybodyElseIn(others: (RoutingTarget | null)[]): boolean {
  return others.some((t) => t === null || (t.circuit.state !== 'open' && t.state !== 'maintenance'));
}

export const haproxy: Export = (ask) => ({ type: 'text/plain; charset=utf-8', body: agentLine(ask) });
