import { type Opening, type Shadow, shadowOf } from '#lib/core/circuit-shadow.ts';
import { policyWith } from '#lib/core/policy.ts';
import { sayTime } from '#lib/core/sentence.ts';
import type { Store } from '#lib/store.ts';
import type { Io } from './command.ts';

/** What following the circuits would have done, from the looks themselves. */

export function circuitReport(
  store: Store,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  overrides: Parameters<typeof policyWith>[0],
): Shadow & { fromMs: number; toMs: number } {
  const { policy } = policyWith(overrides);
  return { fromMs, toMs, ...shadowOf(store.looks.replaySince(fromMs), policy) };
}

export function showCircuits(made: ReturnType<typeof circuitReport>, io: Io): void {
  io.out(`Routes taken out of rotation, ${minute(made.fromMs)} to ${minute(made.toMs)} UTC\n`);
  if (made.openings.length === 0) io.out(`None, in ${made.looks} checks.`);
  for (const opening of made.openings) for (const line of linesOf(opening, made.toMs)) io.out(line);
  io.out(
    `\n${made.openings.length === 1 ? '1 opening' : `${made.openings.length} openings`}: ${made.right} right, ${made.wrong} wrong.`,
  );
  io.out(`Whoever follows them would have been spared ${made.saved} failed calls,`);
  io.out(`kept from ${made.wronglyAvoided} that worked, and still met ${made.missed} failures.`);
}

function linesOf(one: Opening, toMs: number): string[] {
  const { isRight, openedAtMs, closedAtMs, failed, worked, evidence } = one;
  const word = isRight === null ? 'nobody looked' : isRight ? 'right' : 'wrong';
  const lasted =
    closedAtMs === null ? `${sayTime(toMs - openedAtMs)}, still out` : sayTime(closedAtMs - openedAtMs);
  return [
    `${minute(openedAtMs)}  ${one.targetId.slice(0, 50).padEnd(51)}${word.padEnd(14)}${failed} failed, ${worked} worked, ${lasted}`,
    `                  ${evidence}`,
  ];
}

function minute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
