import { existsSync, statSync } from 'node:fs';
import { shadowOf } from '#lib/core/circuit-shadow.ts';
import type { Observation } from '#lib/core/observation.ts';
import { parseObservation } from '#lib/core/observation-wire.ts';
import type { CoreEvent, Scope } from '#lib/core/plan.ts';
import { patienceMs, progressOn } from '../progress.ts';
import { type Run, runCore } from './core-run.ts';
import { eventLine } from './event-line.ts';
import { linesOf } from './lines.ts';
import { type NamedPolicy, type Options, parseOptions, usage } from './options.ts';
import { orderByEnd } from './order.ts';
import { circuitTable, type IncidentRow, incidentTable, summaryOf } from './summary.ts';

const windowMs = 120_000;

interface Counts {
  readable: number;
  skipped: number;
}

/** Feeds recorded observations through the core that runs live, and prints what it would have said. */
export async function main(argv: string[]): Promise<number> {
  const options = parseOptions(argv, process.env.INIT_CWD ?? process.cwd());
  if ('problem' in options) {
    process.stderr.write(`${options.problem}\n${usage}\n`);
    return 2;
  }
  if (options.file !== '-' && !existsSync(options.file)) {
    process.stderr.write(`${options.file}: no such file\n`);
    return 2;
  }
  // Whoever reads us may stop early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  const out = bufferedOut();
  const runs = options.policies.map((policy) => ({ policy, rows: new Map<string, IncidentRow>() }));
  const cores = runs.map(({ policy, rows }) => ({
    policy,
    rows,
    run: runCore(
      policy.policy,
      (event) => tell(event, policy, options.isComparison, rows, out),
      options.rules,
    ),
  }));
  let counts: Counts;
  try {
    counts = await feed(
      options,
      cores.map((one) => one.run),
    );
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    await out.end();
    process.stderr.write(`${options.file}: ${sayUnreadable(code)}\n`);
    return 2;
  }
  await out.end();
  if (options.hasSummary || options.isComparison) {
    process.stderr.write(summaryOf(cores));
    for (const { policy, rows } of cores)
      process.stderr.write(incidentTable(policy.name, [...rows.values()]));
  }
  if (counts.readable === 0) process.stderr.write('no line could be read\n');
  return counts.skipped > 0 || counts.readable === 0 ? 2 : 0;
}

function sayUnreadable(code: string): string {
  if (code === 'EISDIR') return 'is a folder, not a file';
  return code === 'EACCES' || code === 'EPERM' ? 'may not be read' : `cannot be read (${code})`;
}

async function feed(options: Options, runs: Run[]): Promise<Counts> {
  const counts: Counts = { readable: 0, skipped: 0 };
  const complain = (line: number, problem: string) => process.stderr.write(`line ${line}: ${problem}\n`);
  const kept: Observation[] = [];
  const order = orderByEnd(
    windowMs,
    (o) => {
      if (options.hasCircuits) kept.push(o);
      for (const run of runs) run.take(o);
    },
    complain,
  );
  // Only for a person: what stands on stderr otherwise is agreed.
  const progress = process.stderr.isTTY ? progressOn(process.stderr, { afterMs: patienceMs }) : undefined;
  const bytes = progress && options.file !== '-' ? statSync(options.file).size : 0;
  for await (const lines of linesOf(options.file, progress, bytes)) {
    for (const { number, text, isTooLong } of lines) {
      if (text.trim() === '' && !isTooLong) continue;
      const parsed = isTooLong ? refusal('longer than any observation') : parse(text);
      if (parsed.ok) {
        counts.readable += 1;
        order.push(parsed.observation, number);
        continue;
      }
      complain(number, `${parsed.problem}, skipped`);
      if (!parsed.isForeign) counts.skipped += 1;
    }
  }
  progress?.end();
  order.end();
  if (options.hasCircuits) process.stderr.write(circuitTable(shadowOf(kept, options.policies[0]!.policy)));
  return counts;
}

function parse(text: string): ReturnType<typeof parseObservation> {
  let json: unknown;
  try {
    json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return refusal('no JSON');
  }
  return parseObservation(json);
}

function refusal(problem: string): ReturnType<typeof parseObservation> {
  return { ok: false, problem, isForeign: false };
}

function tell(
  event: CoreEvent,
  policy: NamedPolicy,
  isComparison: boolean,
  rows: Map<string, IncidentRow>,
  out: ReturnType<typeof bufferedOut>,
): void {
  const line = eventLine(event);
  if (line === null) return;
  out.write(`${JSON.stringify(isComparison ? { policy: policy.name, ...line } : line)}\n`);
  if (event.incidentId === null) return;
  const scope = event.scope as Scope;
  const at = new Date(event.atMs).toISOString();
  const before = rows.get(event.incidentId);
  rows.set(event.incidentId, {
    id: event.incidentId,
    scope: `${scope.kind} ${scope.id}`,
    impact: event.impact ?? '',
    openedAt: before?.openedAt ?? at,
    startedAt: new Date(event.startedAtMs ?? event.atMs).toISOString(),
    endedAt: typeof event.data.endedAtMs === 'number' ? new Date(event.data.endedAtMs).toISOString() : null,
  });
}

function bufferedOut(): { write(text: string): void; end(): Promise<void> } {
  let held = '';
  const flush = () =>
    new Promise<void>((done) => {
      const text = held;
      held = '';
      process.stdout.write(text, () => done());
    });
  return {
    write(text) {
      held += text;
      if (held.length > 65_536) void flush();
    },
    end: flush,
  };
}
