import type { Incident, Scope } from '#lib/core/plan.ts';
import type { ConfidenceLevel, Impact } from '#lib/core/words.ts';
import { pathOf } from './paths.ts';

export interface IncidentCard {
  id: string;
  path: string;
  title: string;
  scope: Scope;
  /** A person has named it. */
  isTitled: boolean;
  reason: string;
  impact: Impact;
  isOpen: boolean;
  isUnstable: boolean;
  startedAtMs: number;
  resolvedAtMs: number | null;
  sure: ConfidenceLevel;
  affected: number;
}

export function incidentCard(incident: Incident): IncidentCard {
  return {
    id: incident.id,
    path: pathOf.incident(incident.id),
    title: incident.title,
    scope: incident.scope,
    isTitled: incident.pinned.includes('title'),
    reason: incident.reason,
    impact: incident.impact,
    isOpen: incident.status === 'open',
    isUnstable: incident.isUnstable,
    startedAtMs: incident.startedAtMs,
    resolvedAtMs: incident.resolvedAtMs,
    sure: incident.confidence,
    affected: incident.affected.length,
  };
}
