import type { Evidence, Incident } from './plan.ts';
import { candidatesSentence, evidenceSentence, incidentTitle } from './sentence.ts';
import type { Nature, State } from './state.ts';

/** What an incident is called, why it is said, and what others said of it. */

export function titleOf(incident: Incident, nature: Nature): string {
  return incidentTitle(incident, nature);
}

export function reasonOf(incident: Incident, nature: Nature, regions: string[]): string {
  const isDirectFine = incident.evidence.working.some((id) => id.startsWith('direct/'));
  const counts = evidenceSentence(incident.evidence, incident.scope, nature, isDirectFine);
  const where = regions.length > 0 ? `, only checked from ${regions.join(', ')}` : '';
  const rivals = candidatesSentence(incident.evidence.candidates);
  return `${counts}${where}${rivals === '' ? '' : `; ${rivals}`}`;
}

/** What status pages say about the culprit now, and how long before (+) or after (−) us they said it. */
export function witnessesOf(state: State, incident: Incident): Evidence['witnesses'] {
  const list: Evidence['witnesses'] = [];
  for (const [key, claim] of state.claims) {
    const [owner = '', component = ''] = key.split('\n');
    if (owner !== incident.scope.id) continue;
    const isBad = claim.status !== 'operational' && claim.status !== 'unknown';
    list.push({
      component,
      status: claim.status,
      leadMs: isBad ? incident.openedAtMs - claim.sinceMs : null,
      ...(claim.by ? { by: claim.by } : {}),
    });
  }
  return list.slice(0, 8);
}
