import { numberOf, type ParameterRules, type Parameters, timeOf } from './parameters.ts';
import { Problem } from './reply.ts';

export const pagingParameters = {
  limit: { kind: 'number', min: 1, max: 500, about: 'how many; 100 when absent' },
  cursor: { kind: 'number', min: 0, max: 100_000, about: 'next_cursor of the answer before' },
} as const satisfies ParameterRules;

export const periodParameters = {
  from: { kind: 'time', about: 'beginning of the period' },
  to: { kind: 'time', about: 'end of the period; now when absent' },
} as const satisfies ParameterRules;

export const conventionRule = {
  kind: 'one',
  values: ['openrouter', 'strict', 'lenient'],
  about: 'how failures are counted; openrouter when absent',
} as const;

const longestMs = 2 * 366 * 86_400_000;

export function pageOf<T>(
  all: readonly T[],
  parameters: Parameters,
  form: (one: T) => Record<string, unknown>,
): { data: Record<string, unknown>[]; page: { next_cursor: string | null; total: number } } {
  const cursor = numberOf(parameters, 'cursor', 0);
  const end = cursor + numberOf(parameters, 'limit', 100);
  return {
    data: all.slice(cursor, end).map(form),
    page: { next_cursor: end < all.length ? String(end) : null, total: all.length },
  };
}

export function periodOf(
  parameters: Parameters,
  nowMs: number,
  lastMs: number,
): { fromMs: number; toMs: number } {
  const toMs = timeOf(parameters, 'to') ?? nowMs;
  const fromMs = timeOf(parameters, 'from') ?? toMs - lastMs;
  const wrong =
    fromMs >= toMs ? 'from must be before to' : toMs - fromMs > longestMs ? 'at most two years' : null;
  if (wrong)
    throw new Problem('invalid-parameter', wrong, { errors: [{ parameter: 'from', detail: wrong }] });
  return { fromMs, toMs };
}
