import type { Edge } from './edge.ts';

export interface AuditLine {
  atMs: number;
  by: string;
  text: string;
}

const kept = 200;
const key = 'edge.audit';

export function auditLines(edge: Pick<Edge, 'store'>): AuditLine[] {
  try {
    return JSON.parse(edge.store.upkeep.noted(key) ?? '[]') as AuditLine[];
  } catch {
    return [];
  }
}

/** Who did what, newest first. */
export function audit(edge: Pick<Edge, 'store' | 'nowMs' | 'log'>, by: string, text: string): void {
  const lines = [{ atMs: edge.nowMs(), by, text: text.slice(0, 300) }, ...auditLines(edge)].slice(0, kept);
  try {
    edge.store.upkeep.note(key, JSON.stringify(lines));
  } catch (error) {
    edge.log.warn({ error }, 'the audit line could not be written');
  }
}
