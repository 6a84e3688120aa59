import type { Incident } from './plan.ts';
import { candidatesSentence, evidenceSentence, incidentTitle } from './sentence.ts';
import type { Nature } from './state.ts';

/** What an incident is called, and why it is said. */

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
