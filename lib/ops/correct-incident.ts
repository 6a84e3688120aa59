import { plainLine } from '../core/message-text.ts';
import type { Incident, Scope } from '../core/plan.ts';
import type { Impact } from '../core/words.ts';
import { type Edited, editIncident } from './edit-incident.ts';
import { type OpsIo, refuse } from './ops-io.ts';

export interface Correction {
  title?: string;
  impact?: Impact;
  scope?: Scope;
  isPublic?: boolean;
}

/** What a person has set, no later decision changes. */
export function correctIncident(
  io: Pick<OpsIo, 'store' | 'nowMs'>,
  { incidentId, by, correction }: { incidentId: string; by: string; correction: Correction },
): Edited {
  const { isPublic, ...fields } = correction;
  const pinned = Object.keys(fields) as (keyof typeof fields)[];
  if (pinned.length === 0 && isPublic === undefined) return refuse('empty', 'There is nothing to correct.');
  const said = [...pinned, ...(isPublic === undefined ? [] : ['visibility'])].join(', ');
  return editIncident(io, {
    incidentId,
    by,
    kind: 'corrected',
    text: `Corrected by ${by}: ${said}.`,
    isTold: pinned.includes('impact') || pinned.includes('scope'),
    change: (incident): Incident => ({
      ...incident,
      ...fields,
      ...(fields.title === undefined ? {} : { title: plainLine(fields.title).slice(0, 200) }),
      ...(isPublic === undefined ? {} : { isPublic }),
      pinned: [...new Set([...incident.pinned, ...pinned])],
    }),
  });
}
