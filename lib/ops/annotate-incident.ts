import { plainLine } from '../core/message-text.ts';
import { type Edited, editIncident } from './edit-incident.ts';
import { type OpsIo, refuse } from './ops-io.ts';

/** A person's note: shown in the timeline, and told to whoever follows. */
export function annotateIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, by, text, isTold = true }: { incidentId: string; by: string; text: string; isTold?: boolean },
): Edited {
  if (plainLine(text) === '') return refuse('empty', 'A note needs words.');
  return editIncident(io, { incidentId, by, kind: 'note', text, isTold, change: (incident) => incident });
}
