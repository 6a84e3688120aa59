import { sha256Hex } from '../core/message-id.ts';
import { plainLine } from '../core/message-text.ts';
import type { Incident, Scope } from '../core/plan.ts';
import { incidentTitle } from '../core/sentence.ts';
import type { Impact } from '../core/words.ts';
import { addressedBy, type Edited, editIncident, handEvent } from './edit-incident.ts';
import { type OpsIo, refuse } from './ops-io.ts';

export interface Part {
  scope: Scope;
  impact?: Impact;
  title?: string;
}

/** A part that is a fault of its own: it becomes an incident, and the first one no longer speaks for it. */
export function splitIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, by, part }: { incidentId: string; by: string; part: Part },
): Edited & { part?: Incident } {
  const id = `split-${sha256Hex(`${incidentId}|${part.scope.kind}:${part.scope.id}`).slice(0, 13)}`;
  if (io.store.incidents.get(id)) return refuse('split', 'That was split off already.');
  let made: Incident | null = null;
  const edited = editIncident(io, {
    incidentId,
    by,
    kind: 'split',
    text: `${part.scope.kind}:${part.scope.id} is a fault of its own, says ${by}.`,
    isTold: true,
    change(incident) {
      const { kind, id: own } = incident.scope;
      if (incident.status !== 'open') return refuse('over', 'Only what is still open can be split.');
      if (kind === part.scope.kind && own === part.scope.id)
        return refuse('same', 'That is all of it: there is nothing to split off.');
      return {
        ...incident,
        affected: incident.affected.filter((one) => !isOf(one, part.scope)),
        released: [...(incident.released ?? []), part.scope],
        pinned: [...new Set([...incident.pinned, 'scope' as const])],
      };
    },
    beside(incident) {
      const before = io.store.incidents.get(incidentId) ?? incident;
      made = partOf(io, { before, id, by, part });
      const text = `${made.title}: a fault of its own beside "${incident.title}", says ${by}.`;
      made.timeline = [{ atMs: io.nowMs, kind: 'split', text, by }];
      const event = handEvent(io, made, { kind: 'split', by, text, type: 'incident.opened' });
      return { incident: made, events: [event], deliveries: addressedBy(io, event, made) };
    },
  });
  return edited.ok && made ? { ...edited, part: made } : edited;
}

function isOf(affected: string, { kind, id }: Scope): boolean {
  if (affected === id || affected === `${kind}:${id}`) return true;
  const [gateway, provider, ...model] = affected.split('/');
  if (kind === 'gateway') return gateway === id;
  return kind === 'provider' ? provider === id : kind === 'model' && model.join('/') === id;
}

function partOf(
  io: { nowMs: number },
  { before, id, by, part }: { before: Incident; id: string; by: string; part: Part },
): Incident {
  const { scope } = part;
  const impact = part.impact ?? before.impact;
  return {
    ...before,
    id,
    scope,
    impact,
    title: part.title ? plainLine(part.title).slice(0, 200) : incidentTitle({ scope, impact }),
    openedAtMs: io.nowMs,
    isUnstable: false,
    affected: before.affected.filter((one) => isOf(one, scope)),
    acknowledgedBy: by,
    absorbed: [],
    released: [],
    splitFrom: before.id,
    pinned: [
      'scope',
      ...(part.title ? (['title'] as const) : []),
      ...(part.impact ? (['impact'] as const) : []),
    ],
  };
}
