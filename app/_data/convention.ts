import type { Convention } from '#lib/core/words.ts';
import { defaultConvention } from './context.ts';

/** The ways of counting failures, as the address spells them. */
export const conventions = ['openrouter', 'strict', 'lenient'] as const satisfies readonly Convention[];

export function conventionOf(asked: string | undefined): Convention {
  return conventions.find((name) => name === asked) ?? defaultConvention;
}
