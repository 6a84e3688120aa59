import { matterOf } from './message.ts';
import type { CoreEvent, Incident } from './plan.ts';
import type { RoutingRules } from './routing-rules.ts';

/** One delivery that is due, with what is known about its matter now. */
export interface DueItem {
  id: string;
  event: CoreEvent;
  notAfterMs: number | null;
}

export interface MergeContext {
  nowMs: number;
  incident: (id: string) => Incident | null;
  wasTold: (incidentId: string) => boolean;
  /** Something newer is true of the same thing, though it is not due yet or was told already. */
  isOvertaken?: (item: DueItem) => boolean;
  rules: RoutingRules;
  /** Ends need a beginning here: a pager is not woken to hear that it is over. */
  skipsUntold: boolean;
}

export interface Merged {
  send: { item: DueItem; wasTold: boolean }[];
  drop: { id: string; reason: string }[];
}

/** What is due for one receiver, without what time has overtaken. Oldest first. */
export function mergeDue(items: DueItem[], context: MergeContext): Merged {
  const merged: Merged = { send: [], drop: [] };
  const newest = new Map<string, DueItem>();
  for (const item of items) if (isState(item.event)) newest.set(matterOf(item.event), item);
  for (const item of items) {
    const latest = newest.get(matterOf(item.event));
    if (isState(item.event) && latest !== item) {
      merged.drop.push({ id: item.id, reason: 'a later message says what is true now' });
      continue;
    }
    const wasTold = item.event.incidentId !== null && context.wasTold(item.event.incidentId);
    const reason = staleness(item, wasTold, context);
    if (reason === null) merged.send.push({ item, wasTold });
    else merged.drop.push({ id: item.id, reason });
  }
  return merged;
}

/** Events that say how something is now: the latest makes the others pointless. Notices and catalogue news each stand alone. */
function isState(event: CoreEvent): boolean {
  return /^(incident|circuit|target|group|chain|guard|maintenance)\./.test(event.type);
}

function staleness(item: DueItem, wasTold: boolean, context: MergeContext): string | null {
  const { event } = item;
  if (item.notAfterMs !== null && item.notAfterMs < context.nowMs) return 'too old to be of use';
  if (context.isOvertaken?.(item)) return 'something newer is true by now';
  const incident = event.incidentId === null ? null : context.incident(event.incidentId);
  if (incident === null) return null;
  const isEnd = event.type === 'incident.resolved';
  if (isEnd) return endStaleness(incident, wasTold, context);
  if (!event.type.startsWith('incident.')) return null;
  if (incident.status === 'resolved') return 'over before it could be sent: the end is told instead';
  const isQuestion = context.rules.escalateAfterMs !== null || event.type === 'incident.reminder';
  if (isQuestion && incident.acknowledgedBy !== null) return `acknowledged by ${incident.acknowledgedBy}`;
  return null;
}

function endStaleness(incident: Incident, wasTold: boolean, context: MergeContext): string | null {
  if (incident.status !== 'resolved') return 'it came back before this could be sent';
  if (wasTold) return null;
  if (context.skipsUntold) return 'over before it was told: nothing to end';
  const escalateAfterMs = context.rules.escalateAfterMs;
  const lastedMs = (incident.resolvedAtMs ?? context.nowMs) - incident.openedAtMs;
  return escalateAfterMs !== null && (incident.acknowledgedBy !== null || lastedMs < escalateAfterMs)
    ? 'over before it had to be escalated'
    : null;
}
