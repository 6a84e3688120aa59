import type { Incident } from '#lib/core/plan.ts';
import type { ConfidenceLevel, Impact } from '#lib/core/words.ts';
import { pathOf } from './paths.ts';

export interface IncidentCard {
  id: string;
  path: string;
  title: string;
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
