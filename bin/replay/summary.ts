import type { Shadow } from '#lib/core/circuit-shadow.ts';
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
  return `incidents (${name}): ${rows.length}\n${aligned(table)}\n`;
}

/** Every opening, right or wrong afterwards, and what following it would have saved and cost. */
export function circuitTable(shadow: Shadow): string {
  const iso = (ms: number | null) => (ms === null ? 'open' : new Date(ms).toISOString());
  const rows = shadow.openings.map((one) => [
    one.targetId,
    iso(one.openedAtMs),
    iso(one.closedAtMs),
    one.isRight === null ? '?' : one.isRight ? 'right' : 'wrong',
    String(one.failed),
    String(one.worked),
    one.reason,
  ]);
  const head = ['target', 'opened', 'closed', 'was', 'failed', 'worked', 'reason'];
  const sums = `${shadow.right} right, ${shadow.wrong} wrong; ${shadow.saved} failing calls saved, ${shadow.wronglyAvoided} good ones avoided, ${shadow.missed} failures not prevented, of ${shadow.looks}`;
  return `circuits opened: ${rows.length} (${sums})\n${aligned([head, ...rows])}\n`;
}

function aligned(table: readonly string[][]): string {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  return table
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
