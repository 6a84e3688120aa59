import type { Run } from './core-run.ts';
import type { NamedPolicy } from './options.ts';

/** A table for people, on standard error. */
export function summaryOf(runs: { policy: NamedPolicy; run: Run }[]): string {
  const lines: string[] = [];
  for (const { policy, run } of runs) {
    lines.push(`policy ${policy.name}: ${run.looks} looks, ${run.state.cases.length} incidents kept`);
    for (const [name, count] of [...run.classes].sort((a, b) => b[1] - a[1])) {
      lines.push(`  ${String(count).padStart(9)}  ${name}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export interface IncidentRow {
  id: string;
  scope: string;
  impact: string;
  openedAt: string;
  startedAt: string;
  endedAt: string | null;
}

const columns = ['scope', 'impact', 'startedAt', 'openedAt', 'endedAt'] as const;

export function incidentTable(name: string, rows: IncidentRow[]): string {
  const table = [[...columns], ...rows.map((row) => columns.map((column) => row[column] ?? 'open'))];
  const widths = columns.map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  const body = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return `incidents (${name}): ${rows.length}\n${body.join('\n')}\n`;
}
